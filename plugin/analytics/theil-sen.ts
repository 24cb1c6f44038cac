export interface Slope {
  /** In units of y to one of x. */
  slope: number;
  /** The 95 % interval. */
  low: number;
  high: number;
}

/** Of a standard normal, between whose negative and itself lie 95 %. */
const Z_95 = 1.96;

/**
 * The median slope between any two points, which a few odd ones do not move, with its interval by Kendall's tau.
 *
 * Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63(324), 1968.
 *
 * @param x - ascending, no two equal
 * @param y - as many
 * @returns undefined for fewer than two points
 */
export function theilSen(x: readonly number[], y: readonly number[]): Slope | undefined {
  const n = x.length;
  if (n < 2) return undefined;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 1; j < n; j += 1) slopes[at++] = (y[j]! - y[i]!) / (x[j]! - x[i]!);
  }
  slopes.sort();
  const total = slopes.length;
  const reach = Z_95 * Math.sqrt(varianceOfTau(y));
  const nth = (rank: number) => slopes[Math.min(total - 1, Math.max(0, rank))]!;
  return {
    slope: (nth(Math.floor((total - 1) / 2)) + nth(Math.ceil((total - 1) / 2))) / 2,
    low: nth(Math.round((total - reach) / 2) - 1),
    high: nth(Math.round((total + reach) / 2)),
  };
}

/** Of Kendall's S where there is no trend; equal values make it smaller (Kendall, "Rank Correlation Methods", 1955). */
function varianceOfTau(y: readonly number[]): number {
  const n = y.length;
  const term = (count: number) => count * (count - 1) * (2 * count + 5);
  const ties = new Map<number, number>();
  for (const value of y) ties.set(value, (ties.get(value) ?? 0) + 1);
  return (term(n) - [...ties.values()].reduce((sum, count) => sum + term(count), 0)) / 18;
}
