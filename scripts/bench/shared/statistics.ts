/** The value that the given share (0 to 1) of the values does not exceed; NaN where there are none. */
export function quantile(values: readonly number[], share: number): number {
  // Typed arrays are sorted by size, not by text.
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

/** To so many places behind the point. */
export function round(value: number, places = 1): number {
  return Math.round(value * 10 ** places) / 10 ** places;
}
