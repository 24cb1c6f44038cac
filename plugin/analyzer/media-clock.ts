import type { AttributedSegment } from './protocol.ts';
import { Unwrapper } from './rtp/index.ts';

/** That the sound with this RTP timestamp was placed there on the wall clock. */
export interface MediaAnchor {
  rtpTimestamp: number;
  wallMs: number;
}

const ANCHOR_INTERVAL_MS = 1000;
const MAX_ANCHORS = 180;
/** A stream that is further off than this from where it should be has begun anew. */
const BREAK_MS = 10_000;
const MAX_WAITING = 64;

/**
 * The media time of one track on the wall clock: where its sound was placed is where its words are, whatever the clocks did
 * in between. It remembers the last three minutes; earlier times are reckoned from there.
 */
export class MediaClock {
  readonly #ticksPerMs: number;
  readonly #unwrapper = new Unwrapper(32);
  /** Newest last. */
  #anchors: { ticks: number; wallMs: number }[] = [];
  #waiting: (() => void)[] = [];

  /** @param clockRate Hz */
  constructor(clockRate: number) {
    this.#ticksPerMs = clockRate / 1000;
  }

  add({ rtpTimestamp, wallMs }: MediaAnchor): void {
    const last = this.#anchors.at(-1);
    const ticks = this.#unwrapper.unwrap(rtpTimestamp);
    if (last) {
      const passedMs = wallMs - last.wallMs;
      const off = Math.abs((ticks - last.ticks) / this.#ticksPerMs - passedMs) > BREAK_MS;
      if (off) this.#anchors = [];
      else if (passedMs < ANCHOR_INTERVAL_MS) return;
    }
    this.#anchors.push({ ticks, wallMs });
    if (this.#anchors.length > MAX_ANCHORS) this.#anchors.shift();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const act of waiting) act();
  }

  /** Acts when there is sound to go by, at once where there is. Of what waits, the newest 64 are kept. */
  whenKnown(act: () => void): void {
    if (this.#anchors.length > 0) return act();
    this.#waiting.push(act);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
  }

  /** A segment in media time on the wall clock. */
  toWall(segment: AttributedSegment): AttributedSegment {
    const { startMs, endMs, words } = segment;
    return {
      ...segment,
      clock: 'wall',
      ...(startMs !== undefined && { startMs: this.#wallMsOf(startMs) }),
      ...(endMs !== undefined && { endMs: this.#wallMsOf(endMs) }),
      ...(words && {
        words: words.map((word) => ({
          text: word.text,
          startMs: this.#wallMsOf(word.startMs),
          endMs: this.#wallMsOf(word.endMs),
        })),
      }),
    };
  }

  #wallMsOf(mediaMs: number): number {
    const ticks = this.#unwrapper.peek(Math.round(mediaMs * this.#ticksPerMs));
    const anchor = this.#anchors.findLast((candidate) => candidate.ticks <= ticks) ?? this.#anchors[0]!;
    return anchor.wallMs + (ticks - anchor.ticks) / this.#ticksPerMs;
  }
}
