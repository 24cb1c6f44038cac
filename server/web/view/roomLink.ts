const ROOM_ID = /^[a-zA-Z0-9_-]{1,64}$/;
const WORDS_BYTES = 9;

export function isRoomId(text: string): boolean {
  return ROOM_ID.test(text);
}

/** The room in an invitation, or in its mere name; undefined when there is none. */
export function roomIdFrom(text: string): string | undefined {
  const trimmed = text.trim();
  if (isRoomId(trimmed)) return trimmed;
  const id = /\/r\/([^/?#]+)/.exec(trimmed)?.[1];
  return id !== undefined && isRoomId(id) ? id : undefined;
}

/** A room name that nobody guesses: whoever has the link is invited. */
export function newRoomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(WORDS_BYTES));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_');
}
