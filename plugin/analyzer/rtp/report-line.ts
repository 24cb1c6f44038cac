const MAX_REPORTS = 16;
const MAX_AGE_MS = 30_000;
/** A report further off the line than this is of another timeline. */
const JUMP_MS = 500;
/** Reports in a row that all lie this much behind the line show a shift that the minimum would not follow. */
const SHIFTS = [
  { reports: 3, aboveMs: 40, agree: false },
  // A smaller one could be chance, but then they would not agree: the extra offset of an SFU that switched layers.
  { reports: 5, aboveMs: 8, agree: true },
];
/** Uncertainty of the slope above which the nominal rate is the better guess (crystals stay within 100 ppm). */
const MAX_SLOPE_ERROR = 100e-6;
const MAX_DRIFT = 1000e-6;

interface Point {
  /** Media time by the nominal clock rate. */
  readonly mediaMs: number;
  readonly ntpMs: number;
}

/**
 * The line from media time to the sender's NTP time through the last sender reports. The slope is that of least squares
 * where it is certain enough, else the nominal one. The line touches the earliest points instead of passing between
 * them: a report that an SFU made from arrival times can be late, never early.
 */
export class ReportLine {
  #points: Point[] = [];
  #origin: Point = { mediaMs: 0, ntpMs: 0 };
  #slope = 1;

  /** How many reports the line rests on. */
  get size(): number {
    return this.#points.length;
  }

  /** Deviation of the stream's clock from its nominal rate as used now, in ppm. */
  get driftPpm(): number {
    return (1 / this.#slope - 1) * 1e6;
  }

  /**
   * Whether a report at this media time is one to add: not a repetition, and not older than the last one.
   */
  continues(mediaMs: number): boolean {
    const last = this.#points.at(-1);
    return last === undefined || mediaMs > last.mediaMs;
  }

  /** Adds a report that `continues` the line. */
  add(mediaMs: number, ntpMs: number): void {
    if (this.size > 0 && Math.abs(ntpMs - this.toNtpMs(mediaMs)) > JUMP_MS) this.#points = [];

    this.#points.push({ mediaMs, ntpMs });
    this.#points = this.#points.filter((point) => mediaMs - point.mediaMs <= MAX_AGE_MS).slice(-MAX_REPORTS);
    this.#fit();
    this.#followShift();
  }

  /** The sender's time in ms since 1970 at a media time; meaningful when `size` is not 0. */
  toNtpMs(mediaMs: number): number {
    return this.#origin.ntpMs + (mediaMs - this.#origin.mediaMs) * this.#slope;
  }

  reset(): void {
    this.#points = [];
  }

  #followShift(): void {
    for (const { reports, aboveMs, agree } of SHIFTS) {
      if (this.#points.length <= reports) continue;
      const recent = this.#points.slice(-reports);
      const late = recent.map(({ mediaMs, ntpMs }) => ntpMs - this.toNtpMs(mediaMs));
      const least = Math.min(...late);
      if (least <= aboveMs || (agree && Math.max(...late) - least > least / 2)) continue;
      this.#points = recent;
      this.#fit();
      return;
    }
  }

  #fit(): void {
    const origin = this.#points[0];
    if (!origin) return;
    const slope = this.#leastSquaresSlope(origin) ?? 1;
    let earliest = Number.POSITIVE_INFINITY;
    for (const point of this.#points) {
      earliest = Math.min(earliest, point.ntpMs - origin.ntpMs - (point.mediaMs - origin.mediaMs) * slope);
    }
    this.#slope = slope;
    this.#origin = { mediaMs: origin.mediaMs, ntpMs: origin.ntpMs + earliest };
  }

  #leastSquaresSlope(origin: Point): number | null {
    const n = this.#points.length;
    if (n < 4) return null;
    let sumX = 0;
    let sumY = 0;
    for (const point of this.#points) {
      sumX += point.mediaMs - origin.mediaMs;
      sumY += point.ntpMs - origin.ntpMs;
    }
    let xx = 0;
    let xy = 0;
    let yy = 0;
    for (const point of this.#points) {
      const x = point.mediaMs - origin.mediaMs - sumX / n;
      const y = point.ntpMs - origin.ntpMs - sumY / n;
      xx += x * x;
      xy += x * y;
      yy += y * y;
    }
    const slope = xy / xx;
    const residual = Math.max(0, yy - slope * xy);
    const error = Math.sqrt(residual / (n - 2) / xx);
    return error <= MAX_SLOPE_ERROR && Math.abs(slope - 1) <= MAX_DRIFT ? slope : null;
  }
}
