/** A series of points of equal width, in one array: value j of point i is at `i * width + j`. */
export interface Series {
  length: number;
  width: number;
  values: Float64Array;
}

export interface PeltOptions {
  /** What one more change must gain: the cost is the sum of squared distances to the mean of the stretch. */
  penalty: number;
  /** Points on each side of a change, 1 or more. */
  minLength: number;
}

/**
 * Where the mean of a series changes: of all ways to cut it, the one with the least sum of squares plus `penalty` for each cut.
 *
 * PELT: Killick, Fearnhead and Eckley, "Optimal detection of changepoints with a linear computational cost", JASA 107(500), 2012.
 * A cut that is beaten by more than later points can make up for is dropped, so that the answer is exact and the time grows
 * with the length, where changes keep coming; without any it grows with its square.
 *
 * @returns index of the first point after each change, ascending
 */
export function pelt(series: Series, { penalty, minLength }: PeltOptions): number[] {
  const { length } = series;
  const cost = squaredError(series);
  /** Least cost of the first t points, the first cut not paid. */
  const best = new Float64Array(length + 1).fill(Infinity);
  best[0] = -penalty;
  const last = new Int32Array(length + 1);
  /** Where the last stretch may begin, until which end, and what it then costs with all before it. */
  const begins = new Int32Array(length + 1);
  const until = new Float64Array(length + 1);
  const costs = new Float64Array(length + 1);
  let count = 0;
  for (let end = minLength; end <= length; end += 1) {
    const begin = end - minLength;
    // The first stretch needs its points as well.
    if (begin === 0 || begin >= minLength) {
      begins[count] = begin;
      until[count++] = Infinity;
    }
    let least = Infinity;
    for (let i = 0; i < count; i += 1) {
      const at = begins[i]!;
      costs[i] = best[at]! + cost(at, end);
      if (costs[i]! < least) {
        least = costs[i]!;
        last[end] = at;
      }
    }
    best[end] = least + penalty;
    let kept = 0;
    for (let i = 0; i < count; i += 1) {
      // From here on a cut at `end` is better than this one; but no stretch from there may end before minLength points.
      if (until[i] === Infinity && costs[i]! >= best[end]!) until[i] = end + minLength;
      if (until[i]! <= end + 1) continue;
      begins[kept] = begins[i]!;
      until[kept++] = until[i]!;
    }
    count = kept;
  }
  const changes: number[] = [];
  for (let at = last[length]!; at > 0; at = last[at]!) changes.unshift(at);
  return changes;
}

/** Sum of squared distances to the mean, of the points from `from` up to but without `to`. */
export function squaredError({ length, width, values }: Series): (from: number, to: number) => number {
  const sums = new Float64Array((length + 1) * width);
  const squares = new Float64Array(length + 1);
  for (let i = 0; i < length; i += 1) {
    let square = 0;
    for (let j = 0; j < width; j += 1) {
      const value = values[i * width + j]!;
      sums[(i + 1) * width + j] = sums[i * width + j]! + value;
      square += value * value;
    }
    squares[i + 1] = squares[i]! + square;
  }
  return (from, to) => {
    let explained = 0;
    let end = to * width;
    for (let at = from * width, stop = at + width; at < stop; at += 1, end += 1) {
      const sum = sums[end]! - sums[at]!;
      explained += sum * sum;
    }
    return squares[to]! - squares[from]! - explained / (to - from);
  };
}
