/** How far behind: in time; late enough to look for fewer faces; late enough to leave video out. */
export type LoadLevel = 0 | 1 | 2;

export interface LoadGaugeOptions {
  /** Behind by more than this, a face is looked for half as often. @default 200 */
  readonly facesMs?: number;
  /** Behind by more than this, video is not decoded. @default 600 */
  readonly videoMs?: number;
  /** Behind by less than this the whole time of `calmMs`, one level is taken back. @default 50 */
  readonly easedMs?: number;
  /** @default 2000 */
  readonly calmMs?: number;
}

/**
 * How far a thread is behind the media that it is given: the age of a datagram when the thread gets to it. The level rises at
 * once and falls one step at a time, after a calm stretch, so that it does not swing.
 */
export class LoadGauge {
  readonly #facesMs: number;
  readonly #videoMs: number;
  readonly #easedMs: number;
  readonly #calmMs: number;
  #level: LoadLevel = 0;
  #worstMs = 0;
  #calmSinceMs: number | null = null;

  constructor({ facesMs = 200, videoMs = 600, easedMs = 50, calmMs = 2000 }: LoadGaugeOptions = {}) {
    this.#facesMs = facesMs;
    this.#videoMs = videoMs;
    this.#easedMs = easedMs;
    this.#calmMs = calmMs;
  }

  get level(): LoadLevel {
    return this.#level;
  }

  /** A datagram that arrived at `arrivalMs` is being taken in at `nowMs`; both in the same clock. */
  onDatagram(arrivalMs: number, nowMs: number): void {
    this.#worstMs = Math.max(this.#worstMs, nowMs - arrivalMs);
  }

  /**
   * Judges what came since the last call.
   *
   * @returns The new level and how far behind the thread was, when the level changed; else null.
   */
  update(nowMs: number): { readonly level: LoadLevel; readonly behindMs: number } | null {
    const behindMs = this.#worstMs;
    this.#worstMs = 0;
    const before = this.#level;
    if (behindMs > this.#videoMs) this.#level = 2;
    else if (behindMs > this.#facesMs && this.#level < 1) this.#level = 1;
    if (behindMs >= this.#easedMs) {
      this.#calmSinceMs = null;
    } else {
      this.#calmSinceMs ??= nowMs;
      if (this.#level > 0 && nowMs - this.#calmSinceMs >= this.#calmMs) {
        this.#level = this.#level === 2 ? 1 : 0;
        this.#calmSinceMs = nowMs;
      }
    }
    return this.#level === before ? null : { level: this.#level, behindMs };
  }
}
