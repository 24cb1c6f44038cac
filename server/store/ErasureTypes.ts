export interface ErasureRequest {
  participantId: string;
  /** In this room alone. */
  roomId?: string;
  /** In this meeting alone. */
  meetingId?: string;
}

/** What an erasure is about, for those who hold copies elsewhere. */
export interface ErasureScope {
  /** Whether somebody is the one who is erased. The name itself is not always told: receipts do not hold it. */
  matches(participantId: string): boolean;
  /** Where it is known. */
  participantId?: string;
  roomId?: string;
  meetingId?: string;
  /** Another process has erased it from the store, and this process hears of it. */
  elsewhere?: { receiptId: string };
}

/** A place outside the store that holds something of participants: a stream, a buffer, an index of exports, a replay. */
export interface ErasureTarget {
  /** As receipts name it, e.g. `redis`. */
  readonly name: string;
  /** Takes out everything in the scope; resolves with how much that was, in its own units (rows, entries, files). */
  erase(scope: ErasureScope): Promise<number>;
}

/** What was erased, when, and from where; never whose or what it said. */
export interface Receipt {
  receiptId: string;
  what: 'participant' | 'meeting';
  cause: 'request' | 'retention';
  atMs: number;
  /** How many rows or entries, by place: `events`, `participants`, `redis`, … */
  places: Record<string, number>;
  /** Places that could not be reached, with the reason. */
  failures?: Record<string, string>;
}
