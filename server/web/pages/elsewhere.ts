import { fetchRoom } from '../api/http.ts';

/**
 * The page of a room at the server that has its call; undefined where that is this one, or is not told. A page asks nobody
 * but the server that it came from, so whoever takes part in a call is on the page of its server.
 *
 * @param url - of that server, as this one names it
 * @param here - the address that is shown
 */
export function pageElsewhere(url: string | undefined, roomId: string, here: string): string | undefined {
  if (url === undefined) return undefined;
  const { origin, search } = new URL(here);
  const there = new URL(`/r/${encodeURIComponent(roomId)}${search}`, url);
  return there.origin === origin ? undefined : there.href;
}

/** The same, looked up; undefined also for a room that is not open, or cannot be asked about. */
export async function findElsewhere(roomId: string, here: string): Promise<string | undefined> {
  try {
    const { url } = await fetchRoom(roomId);
    return pageElsewhere(url, roomId, here);
  } catch {
    // Joining tells what is wrong.
    return undefined;
  }
}
