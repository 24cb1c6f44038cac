import type { StoredEvent } from '../../store/index.ts';
import { ReadAhead } from './ReadAhead.ts';
import { ReplayClock } from './ReplayClock.ts';
import type { Outlet, Playback, Position, Source, Timing } from './SessionTypes.ts';

/** How often the viewer is told where it is. */
export const POSITION_EVERY_MS = 1_000;
/** Events given out in one go; then others have their turn. */
const MAX_IN_A_ROW = 200;
/** Longest delay that timers take. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export interface SessionOptions {
  source: Source;
  outlet: Outlet;
  timing: Timing;
  speed: number;
  paused: boolean;
  /** The store fails. */
  failed: (error: Error) => void;
}

/**
 * Gives out a meeting's events at the times at which they came, faster or slower, from any place. While the viewer does not
 * read, or the store has not answered yet, time stands: nothing is left out, and nothing comes in a heap afterwards.
 */
export class ReplaySession {
  readonly #options: SessionOptions;
  readonly #clock: ReplayClock;
  readonly #ahead: ReadAhead;
  /** Whose events were given out. */
  readonly #given = new Set<string>();
  #paused: boolean;
  #waiting = false;
  #ended = false;
  #closed = false;
  /** Grows with each leap: what an earlier one was waiting for does not matter any more. */
  #leap = 0;
  #dueMs = 0;
  #cancelStep: () => void = () => undefined;
  #cancelTick: () => void = () => undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#paused = options.paused;
    this.#clock = new ReplayClock(() => options.timing.now(), options.speed);
    this.#ahead = new ReadAhead(options.source);
  }

  get position(): Position {
    const { durationMs } = this.#options.source;
    return {
      positionMs: Math.min(durationMs, Math.round(this.#clock.positionMs)),
      speed: this.#clock.speed,
      playback: this.#playback,
    };
  }

  /** Events read and not given out yet. */
  get held(): number {
    return this.#ahead.size;
  }

  /**
   * Goes to a place, and tells what stood there.
   * @param after - goes on behind this event instead of with the first one of that time
   * @throws what the store throws
   */
  async seek(toMs: number, after?: number): Promise<void> {
    const { source, outlet } = this.#options;
    const positionMs = Math.min(toMs, source.durationMs);
    const leap = (this.#leap += 1);
    this.#stand();
    // What was waited for before is of no matter now.
    this.#waiting = false;
    try {
      const ord = after === undefined ? await source.ordAt(positionMs) : after + 1;
      const standing = await source.standing(ord);
      if (this.#closed || leap !== this.#leap) return;
      this.#clock.seek(positionMs);
      this.#ahead.seek(ord);
      this.#dueMs = 0;
      this.#ended = false;
      for (const event of standing.events) this.#note(event);
      outlet.state(standing, this.position);
    } finally {
      if (leap === this.#leap) this.#go();
    }
  }

  rate(speed: number): void {
    this.#clock.speed = speed;
    this.#tell();
    this.#step();
  }

  pause(): void {
    this.#paused = true;
    this.#clock.stop();
    this.#cancelStep();
    this.#tell();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#go();
    this.#tell();
  }

  /** Forgets those who were erased; tells the viewer what it has of them. Returns how many events were held. */
  forget(matches: (participantId: string) => boolean): number {
    const dropped = this.#ahead.drop(({ participantId }) => participantId !== undefined && matches(participantId));
    for (const participantId of [...this.#given].filter(matches)) {
      this.#given.delete(participantId);
      this.#options.outlet.retracted(participantId);
    }
    this.#step();
    return dropped;
  }

  close(): void {
    this.#closed = true;
    this.#stand();
    this.#ahead.seek(0);
  }

  get #playback(): Playback {
    if (this.#ended) return 'ended';
    if (this.#paused) return 'paused';
    return this.#waiting ? 'waiting' : 'playing';
  }

  #stand(): void {
    this.#clock.stop();
    this.#cancelStep();
    this.#cancelTick();
  }

  #go(): void {
    if (this.#paused || this.#waiting || this.#ended || this.#closed) return;
    this.#clock.run();
    this.#cancelTick();
    this.#tickLater();
    this.#step();
  }

  #step(): void {
    this.#cancelStep();
    if (!this.#clock.running) return;
    const { outlet, source } = this.#options;
    for (let given = 0; ; given += 1) {
      const next = this.#ahead.peek();
      if (!next && !this.#ahead.exhausted) return this.#waitFor((done) => this.#readOn(done));
      const dueMs = next ? this.#dueOf(next) : source.durationMs;
      const delayMs = given < MAX_IN_A_ROW ? this.#clock.delayUntil(dueMs) : 0;
      if (delayMs > 0 || given >= MAX_IN_A_ROW) {
        this.#cancelStep = this.#options.timing.schedule(
          () => this.#step(),
          Math.min(MAX_DELAY_MS, Math.ceil(delayMs)),
        );
        return;
      }
      if (!next) return this.#end();
      if (!outlet.writable) return this.#waitFor((done) => outlet.onceWritable(done));
      this.#dueMs = dueMs;
      this.#ahead.shift();
      this.#note(next);
      outlet.event(next);
    }
  }

  /** Events keep their order even where the clock of the server was set back while they came. */
  #dueOf({ atMs }: StoredEvent): number {
    return Math.max(this.#dueMs, Math.min(atMs - this.#options.source.startMs, this.#options.source.durationMs));
  }

  #note({ participantId }: StoredEvent): void {
    if (participantId !== undefined) this.#given.add(participantId);
  }

  /** Lets time stand until something has come. */
  #waitFor(begin: (done: () => void) => void): void {
    const leap = this.#leap;
    this.#clock.stop();
    this.#waiting = true;
    begin(() => {
      if (this.#closed || leap !== this.#leap) return;
      this.#waiting = false;
      this.#go();
    });
  }

  #readOn(done: () => void): void {
    this.#ahead.ready().then(done, (error: Error) => {
      if (!this.#closed) this.#options.failed(error);
    });
  }

  #end(): void {
    this.#ended = true;
    this.#clock.stop();
    this.#clock.seek(this.#options.source.durationMs);
    this.#cancelTick();
    this.#tell();
  }

  #tickLater(): void {
    this.#cancelTick = this.#options.timing.schedule(() => {
      this.#tell();
      this.#tickLater();
    }, POSITION_EVERY_MS);
  }

  /** A viewer who does not read is not told where it would be. */
  #tell(): void {
    if (!this.#closed && this.#options.outlet.writable) this.#options.outlet.position(this.position);
  }
}
