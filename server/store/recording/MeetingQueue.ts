import type { MeetingStore, NewMeeting, StoreOperation } from '../StoreTypes.ts';

export interface Ending {
  endMs: number;
  reason: string;
}

/** Operations in one transaction: enough to be quick, few enough to be through in milliseconds. */
const BATCH = 500;

/** Errors that come from what is written, not from how the database is: they would come again each time. */
const isOfTheData = (code: string | undefined) =>
  code !== undefined && (/^2[23]/.test(code) || code === 'SQLITE_CONSTRAINT' || code === 'ERR_INVALID_ARG_TYPE');

/** What of one meeting is not written yet, in its order. */
export class MeetingQueue {
  lost = 0;
  ending: Ending | undefined;
  readonly #meeting: NewMeeting & { meetingId: string };
  readonly #waiting: { operation: StoreOperation; bytes: number; sinceMs: number }[] = [];
  #bytes = 0;
  #begun = false;
  #ended = false;
  #batch = BATCH;

  constructor(meeting: NewMeeting & { meetingId: string }) {
    this.#meeting = meeting;
  }

  get size(): number {
    return this.#waiting.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** When the oldest came, on the clock of `performance`; infinity when none waits. */
  get oldestMs(): number {
    return this.#waiting[0]?.sinceMs ?? Infinity;
  }

  get done(): boolean {
    return this.#ended;
  }

  /** Whether there is something to write. */
  get pending(): boolean {
    return !this.#begun || this.size > 0 || (this.ending !== undefined && !this.#ended);
  }

  push(operation: StoreOperation): void {
    const bytes = operation.op === 'event' ? operation.event.json.length : 100;
    this.#bytes += bytes;
    this.#waiting.push({ operation, bytes, sinceMs: performance.now() });
  }

  /**
   * Writes what waits; what fails stays.
   *
   * @param refused told of what can never be written and is left out
   * @returns how many operations were written
   */
  async writeTo(store: MeetingStore, refused: (lost: number, code: string) => void): Promise<number> {
    const { meetingId } = this.#meeting;
    // An earlier attempt may have come through without our hearing of it.
    if (!this.#begun && !(await store.meeting(meetingId))) await store.begin(this.#meeting);
    this.#begun = true;
    let written = 0;
    while (this.size > 0) {
      const piece = this.#waiting.slice(0, this.#batch);
      const { lost } = this;
      try {
        const operations = piece.map(({ operation }) => operation);
        await store.write(meetingId, operations, lost);
        this.#drop(piece.length);
        this.lost -= lost;
        written += piece.length;
      } catch (error) {
        const { code } = error as { code?: string };
        if (code === 'NO_MEETING') {
          // Deleted while it ran.
          this.#drop(this.size);
          break;
        }
        if (!isOfTheData(code)) throw error;
        if (piece.length > 1) this.#batch = 1;
        else {
          this.#drop(1);
          this.lost += 1;
          refused(1, code!);
        }
      }
    }
    this.#batch = BATCH;
    if (this.ending) {
      await store.end(meetingId, this.ending);
      this.#ended = true;
    }
    return written;
  }

  #drop(count: number): void {
    for (const { bytes } of this.#waiting.splice(0, count)) this.#bytes -= bytes;
  }
}
