import { TraceLog } from '../../../plugin/events/trace/TraceLog.ts';
import type { Trace, TraceBatch } from '../../../plugin/events/trace/TraceTypes.ts';
import { Store } from '../../../client/Store.ts';

/** What the server answers to `trace.read`. */
export interface TraceReading {
  batches: TraceBatch[];
  retracted: boolean;
  lost: number;
}

export interface TraceFollowerOptions {
  /** Asks the server. */
  read: () => Promise<TraceReading>;
  /** What ended longer ago is let go. */
  keepMs: number;
  /** @default 500 */
  everyMs?: number;
}

/** Follows the windows of one participant by asking for what is new, again and again. */
export class TraceFollower {
  /** Undefined until something was told. */
  readonly trace = new Store<Trace | undefined>(undefined);
  readonly #options: TraceFollowerOptions;
  #log: TraceLog;
  /** Grows when all is to be forgotten. */
  #generation = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #following = false;

  constructor(options: TraceFollowerOptions) {
    this.#options = options;
    this.#log = this.#newLog();
  }

  start(): void {
    if (this.#following) return;
    this.#following = true;
    void this.#follow();
  }

  stop(): void {
    this.#following = false;
    clearTimeout(this.#timer);
  }

  /** Consent was withdrawn: nothing of before is shown any more. */
  forget(): void {
    this.#generation += 1;
    this.#log = this.#newLog();
    this.trace.set(undefined);
  }

  async #follow(): Promise<void> {
    try {
      const generation = this.#generation;
      const reading = await this.#options.read();
      // An answer that was on its way when all was to be forgotten is forgotten with it.
      const outdated = generation !== this.#generation && !reading.retracted;
      if (this.#following && !outdated) this.#take(reading);
    } catch {
      // A lost connection comes back; a participant who has left is not shown for long.
    }
    if (this.#following) this.#timer = setTimeout(() => void this.#follow(), this.#options.everyMs ?? 500);
  }

  #take({ batches, retracted }: TraceReading): void {
    if (retracted) this.forget();
    if (batches.length === 0) return;
    for (const batch of batches) this.#log.add(batch);
    this.trace.set(this.#log.trace);
  }

  #newLog(): TraceLog {
    return new TraceLog({ keepMs: this.#options.keepMs });
  }
}
