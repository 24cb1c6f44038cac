/** What the server gives somebody who joins a room. */
export interface Registered {
  participantId: string;
  token: string;
  /** What people have to be shown before they agree. */
  notice: { version: string; title: string; text: string[] };
}

export async function join(roomId: string, displayName: string): Promise<Registered> {
  const response = await fetch(`/v1/rooms/${roomId}/participants`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ displayName }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Registered;
}
