/** Rooms whose place is remembered though nobody here follows them. */
const MAX_ROOMS = 10_000;
/** Events of one room that wait for what lies before them. */
const MAX_HELD = 5_000;

interface Place {
  last: number;
  /** Events that wait, by their numbers. */
  held: Map<number, () => void>;
  fetching: boolean;
}

/** Fetches the events of a room after a number; returns how far they reach, undefined where its owner cannot say. */
export type Fetch = (
  roomId: string,
  afterSeq: number,
  deliver: (seq: number, give: () => void) => void,
) => Promise<number | undefined>;

/**
 * Keeps the events of rooms that live on other nodes in the order of their numbers, each once. When one jumps ahead, Redis was
 * away for a while: what lies before is fetched from the owner first.
 */
export class InOrder {
  readonly #fetch: Fetch;
  readonly #places = new Map<string, Place>();

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  /** Nothing up to this number is awaited, unless the room is known already. */
  begin(roomId: string, seq: number): void {
    if (!this.#places.has(roomId)) this.#open(roomId, seq);
  }

  end(roomId: string): void {
    this.#places.delete(roomId);
  }

  take(roomId: string, seq: number, give: () => void): void {
    const place = this.#places.get(roomId) ?? this.#open(roomId, seq - 1);
    if (seq <= place.last) return;
    if (place.fetching || seq > place.last + 1) {
      if (place.held.size < MAX_HELD) place.held.set(seq, give);
      if (!place.fetching) void this.#catchUp(roomId, place);
      return;
    }
    place.last = seq;
    give();
  }

  /** The owner says that it is so far: what has not come by the second time is fetched. */
  reached(roomId: string, seq: number, before: number | undefined): void {
    const place = this.#places.get(roomId);
    if (place && !place.fetching && before !== undefined && before <= seq && place.last < before) {
      void this.#catchUp(roomId, place);
    }
  }

  async #catchUp(roomId: string, place: Place): Promise<void> {
    place.fetching = true;
    const fetched = new Map<number, () => void>();
    const reached = await this.#fetch(roomId, place.last, (seq, give) => fetched.set(seq, give)).catch(() => undefined);
    place.fetching = false;
    if (this.#places.get(roomId) !== place) return;
    // What the owner does not have any more was taken back, or is lost to everybody.
    const all = [...new Map([...fetched, ...place.held])].sort(([a], [b]) => a - b);
    place.held.clear();
    for (const [seq, give] of all) {
      if (seq <= place.last) continue;
      place.last = seq;
      give();
    }
    place.last = Math.max(place.last, reached ?? 0);
  }

  #open(roomId: string, last: number): Place {
    if (this.#places.size >= MAX_ROOMS) {
      const [oldest] = this.#places.keys();
      if (oldest !== undefined) this.#places.delete(oldest);
    }
    const place: Place = { last, held: new Map(), fetching: false };
    this.#places.set(roomId, place);
    return place;
  }
}
