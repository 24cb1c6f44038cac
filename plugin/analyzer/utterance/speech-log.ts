import type { Span } from '../../events/contract/v1/types.ts';
import type { SpeechFrame } from './StageTypes.ts';

/** How far back speech is remembered. */
const KEEP_MS = 60_000;
const MAX_RUNS = 512;
/** Shorter breaks are within words: the silence of a stop, a fricative that is taken for noise. */
const BREAK_MS = 150;
/** Speech before a longer pause was said at another time. */
const MAX_PAUSE_MS = 1000;

/** When one participant spoke in the last minute. */
export class SpeechLog {
  readonly #runs: { startMs: number; endMs: number }[] = [];
  #reachedMs = -Infinity;
  #speaking = false;

  /** Up to where there is sound, and so a judgement. */
  get reachedMs(): number {
    return this.#reachedMs;
  }

  /** Where the last speech ended. */
  get endMs(): number {
    return this.#runs.at(-1)?.endMs ?? -Infinity;
  }

  /** @returns whether speech has begun or ended with this frame */
  hear(frame: SpeechFrame): boolean {
    this.#reachedMs = frame.endMs;
    if (frame.speech) this.#extend(frame);
    const turned = frame.speech !== this.#speaking;
    this.#speaking = frame.speech;
    return turned;
  }

  /** Speech within a span, in order. What lies beyond the sound that is there counts as speech until it is heard. */
  within({ startMs, endMs }: Span): Span[] {
    const runs = this.#runs
      .map((run) => ({ startMs: Math.max(run.startMs, startMs), endMs: Math.min(run.endMs, endMs) }))
      .filter((run) => run.endMs > run.startMs);
    const unheardMs = Math.max(this.#reachedMs, startMs);
    if (unheardMs >= endMs) return runs;
    const last = runs.at(-1);
    if (last && unheardMs - last.endMs <= BREAK_MS) last.endMs = endMs;
    else runs.push({ startMs: unheardMs, endMs });
    return runs;
  }

  /**
   * Where so much speech before a point in time begins, across pauses of at most a second.
   *
   * @returns less than was asked for where there is no more, with its length
   */
  before(endMs: number, lengthMs: number): { startMs: number; speechMs: number } {
    let speechMs = 0;
    let startMs = endMs;
    for (const run of [...this.#runs].reverse()) {
      if (run.startMs >= endMs) continue;
      const toMs = Math.min(run.endMs, endMs);
      if (startMs - toMs > MAX_PAUSE_MS) break;
      const takenMs = Math.min(toMs - run.startMs, lengthMs - speechMs);
      startMs = toMs - takenMs;
      speechMs += takenMs;
      if (speechMs >= lengthMs) break;
    }
    return { startMs, speechMs };
  }

  #extend({ sinceMs, endMs }: SpeechFrame): void {
    const last = this.#runs.at(-1);
    if (last && sinceMs - last.endMs <= BREAK_MS) {
      last.endMs = Math.max(last.endMs, endMs);
      return;
    }
    this.#runs.push({ startMs: sinceMs, endMs });
    while (this.#runs.length > MAX_RUNS || this.#runs[0]!.endMs < endMs - KEEP_MS) this.#runs.shift();
  }
}
