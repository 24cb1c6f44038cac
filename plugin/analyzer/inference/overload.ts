/**
 * What is given up when inference falls behind, in this order: interim results, every second face crop, all face crops,
 * the oldest waiting windows (utterances and their sound and words).
 */
export const SACRIFICES = ['interim', 'video-rate', 'video', 'windows'] as const;
export type Sacrifice = (typeof SACRIFICES)[number];
export type ShedCounts = Readonly<Record<Sacrifice, number>>;

export interface OverloadOptions {
  /** How long the oldest request must have waited before each sacrifice is made, in ms; must not fall. */
  readonly afterMs: Readonly<Record<Sacrifice, number>>;
  /** How long the queue must have been calm before the latest sacrifice is taken back, in ms. */
  readonly holdMs: number;
}

export const DEFAULT_OVERLOAD: OverloadOptions = {
  afterMs: { interim: 300, 'video-rate': 600, video: 1200, windows: 4000 },
  holdMs: 3000,
};

/** For recordings: nothing is late, so nothing is given up for lateness. Queues are bounded all the same. */
export const UNHURRIED: OverloadOptions = {
  afterMs: { interim: Infinity, 'video-rate': Infinity, video: Infinity, windows: Infinity },
  holdMs: DEFAULT_OVERLOAD.holdMs,
};

/** How long the oldest waiting requests have waited, in ms; 0 where none waits. */
export interface QueueAges {
  readonly interimMs: number;
  /** Of everything but interim results. */
  readonly otherMs: number;
}

export interface OverloadReport {
  /** Number of sacrifices being made: 0 (none) to 4. */
  readonly level: number;
  readonly change: 'raised' | 'eased';
  readonly sacrificing: readonly Sacrifice[];
  /** Wait of the oldest request when the level changed, in ms. */
  readonly queueAgeMs: number;
  /** Requests given up since the start, by sacrifice. */
  readonly shed: ShedCounts;
}

/** Decides how much to sacrifice from how long the queue makes its oldest request wait. */
export class OverloadGovernor {
  readonly #options: OverloadOptions;
  #level = 0;
  #calmSinceMs: number | undefined;

  constructor(options: OverloadOptions) {
    this.#options = options;
  }

  get level(): number {
    return this.#level;
  }

  isSacrificing(sacrifice: Sacrifice): boolean {
    return SACRIFICES.indexOf(sacrifice) < this.#level;
  }

  /**
   * One step at most: after a step up the caller makes the sacrifice and asks again, so that a later sacrifice is only
   * made where the earlier ones did not do.
   */
  observe(ages: QueueAges, nowMs: number): 'raised' | 'eased' | undefined {
    const next = SACRIFICES[this.#level];
    if (next && this.#wait(ages, next) >= this.#options.afterMs[next]) {
      this.#level++;
      this.#calmSinceMs = undefined;
      return 'raised';
    }
    const latest = SACRIFICES[this.#level - 1];
    if (!latest) return undefined;
    // Half the threshold, so that the level does not flutter around it.
    if (this.#wait(ages, latest) >= this.#options.afterMs[latest] / 2) {
      this.#calmSinceMs = undefined;
      return undefined;
    }
    this.#calmSinceMs ??= nowMs;
    if (nowMs - this.#calmSinceMs < this.#options.holdMs) return undefined;
    this.#level--;
    this.#calmSinceMs = nowMs;
    return 'eased';
  }

  #wait(ages: QueueAges, sacrifice: Sacrifice): number {
    return sacrifice === 'interim' ? Math.max(ages.interimMs, ages.otherMs) : ages.otherMs;
  }
}
