/** A lane has at most so many stretches: no page is wider. */
const MOST_BUCKETS = 720;
const WIDTHS_MS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600].map((seconds) => seconds * 1_000);
const WIDEST_MS = WIDTHS_MS.at(-1)!;

/** What the lanes of a meeting begin with. */
export const FIRST_WIDTH_MS = WIDTHS_MS[0]!;

/** Stands for the whole length: what all of a lane comes to is kept beside its stretches. */
export const WHOLE = 0;

/** How wide the stretches of a lane are, in a meeting of that length. */
export function bucketMsFor(lengthMs: number): number {
  return WIDTHS_MS.find((width) => lengthMs / width <= MOST_BUCKETS) ?? WIDEST_MS * Math.ceil(lengthMs / 2.6e9);
}

/** The width that is kept for a meeting of that length: what is wider than an hour is put together when it is shown. */
export function keptMsFor(lengthMs: number): number {
  return Math.min(WIDEST_MS, bucketMsFor(lengthMs));
}

/** The next width that is kept; undefined after the widest. */
export function nextWidth(widthMs: number): number | undefined {
  return WIDTHS_MS[WIDTHS_MS.indexOf(widthMs) + 1];
}

/**
 * Widths that are kept while a page shows this one. Stretches of 2 s cannot be put together to such of 5 s, so those are kept
 * beside them from the start; no two steps in a row are like that.
 */
export function keptWith(widthMs: number): number[] {
  const next = nextWidth(widthMs);
  return next !== undefined && next % widthMs !== 0 ? [widthMs, next, WHOLE] : [widthMs, WHOLE];
}
