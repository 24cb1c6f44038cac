/** The viewer's token of a sample call, kept for this tab so that the page may be loaded again. */
const key = (roomId: string) => `undertone.sample.${roomId}`;

let fallback: { roomId: string; token: string } | undefined;

export function keepSampleToken(roomId: string, token: string): void {
  try {
    sessionStorage.setItem(key(roomId), token);
  } catch {
    // Without storage a second load of the page cannot come back to the call; the first works all the same.
    fallback = { roomId, token };
  }
}

export function sampleToken(roomId: string): string | undefined {
  if (fallback?.roomId === roomId) return fallback.token;
  try {
    return sessionStorage.getItem(key(roomId)) ?? undefined;
  } catch {
    return undefined;
  }
}
