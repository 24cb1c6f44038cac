/** How much of what is gone: `{ events: 12, meetings: 2 }`. */
export type ErasedCounts = Readonly<Record<string, number>>;

/** Something that keeps data about participants: it has to be able to erase them, and to tell them what it keeps. */
export interface Eraser {
  /** What it is, as receipts and exports name it. */
  readonly name: string;
  /**
   * Erases everything about a participant, in one room or in all. Called again for what is gone already, it does nothing
   * and counts 0. A count of nothing may be left out.
   *
   * @throws when something could not be erased; the rest is erased anyway, and it is tried again when asked again
   */
  erase(participantId: string, roomId?: string): ErasedCounts | Promise<ErasedCounts>;
  /**
   * Of whom something is kept. An erasure by the command line reaches only those that have this: the store tells by a digest who is
   * meant, and never by name.
   */
  participants?(): Iterable<string> | Promise<Iterable<string>>;
  /**
   * What is kept about a participant, as JSON; undefined for nothing.
   * @throws when it cannot be read
   */
  export?(participantId: string, roomId?: string): unknown;
}
