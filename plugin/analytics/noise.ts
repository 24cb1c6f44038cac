import type { Series } from './pelt.ts';
import { median } from './statistics.ts';

/** Least points of a block, whose mean neighbours hardly share. */
const BLOCK = 5;
/** Median of the absolute value of a standard normal. */
const NORMAL_MEDIAN = 0.6745;

/**
 * Brings each value of the points to a noise of 1 about a mean of 0.
 *
 * The noise is what remains where the level does not change, by the larger of two estimates. From one point to the next: half
 * the mean squared difference of neighbours is their variance (Rice, "Bandwidth choice for nonparametric regression", Annals of
 * Statistics 12(4), 1984). From one block to the next, as what somebody expresses now is like what they expressed just before,
 * and such noise wanders without a change of level: median absolute difference of the means of blocks (Wu and Zhao, "Inference
 * of trends in time series", J. R. Statist. Soc. B 69(3), 2007).
 *
 * @param least - noise below this counts as this: what changes by less is not worth telling
 */
export function standardised({ length, width, values }: Series, least: number): Series {
  const scaled = new Float64Array(values.length);
  for (let j = 0; j < width; j += 1) {
    const column = Float64Array.from({ length }, (_, i) => values[i * width + j]!);
    const mean = column.reduce((sum, value) => sum + value, 0) / length;
    const noise = Math.max(least, neighbourNoise(column), blockNoise(column));
    for (let i = 0; i < length; i += 1) scaled[i * width + j] = (column[i]! - mean) / noise;
  }
  return { length, width, values: scaled };
}

function neighbourNoise(column: Float64Array): number {
  let squares = 0;
  for (let i = 1; i < column.length; i += 1) squares += (column[i]! - column[i - 1]!) ** 2;
  return Math.sqrt(squares / (2 * Math.max(1, column.length - 1)));
}

function blockNoise(column: Float64Array): number {
  const size = Math.max(BLOCK, Math.round(Math.cbrt(column.length)));
  const means: number[] = [];
  for (let at = 0; at + size <= column.length; at += size) {
    means.push(column.subarray(at, at + size).reduce((sum, value) => sum + value, 0) / size);
  }
  const apart = means.slice(1).map((mean, index) => Math.abs(mean - means[index]!));
  return ((median(apart) ?? 0) * Math.sqrt(size)) / (Math.SQRT2 * NORMAL_MEDIAN);
}

/** Means of neighbours, as few as bring the series down to `most` points. @returns the series, and points to each of its points */
export function thinned(series: Series, most: number): { series: Series; each: number } {
  const { length, width, values } = series;
  const each = Math.ceil(length / most);
  if (each <= 1) return { series, each: 1 };
  const points = Math.ceil(length / each);
  const means = new Float64Array(points * width);
  for (let i = 0; i < length; i += 1) {
    const point = Math.floor(i / each);
    const count = Math.min(each, length - point * each);
    for (let j = 0; j < width; j += 1) means[point * width + j]! += values[i * width + j]! / count;
  }
  return { series: { length: points, width, values: means }, each };
}
