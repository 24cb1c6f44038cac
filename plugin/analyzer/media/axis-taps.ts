/** For each of `count` output samples, which source samples it mixes and how much of each. */
export interface AxisTaps {
  readonly count: number;
  /** Taps per output sample; unused ones weigh 0. */
  readonly width: number;
  /** `count * width` source indices, all inside the source. */
  readonly index: Int32Array;
  /** `count * width` weights; those of one output sample sum to 1. */
  readonly weight: Float32Array;
}

/**
 * Resampling taps along one axis: a box filter where it shrinks (every source sample counts by the area it covers), linear
 * interpolation where it grows. Samples outside the source are those of its edge.
 *
 * @param origin Where the first output sample begins, in source samples; may be negative or fractional.
 * @param length How many source samples the output covers; more than 0.
 * @param count Output samples.
 * @param sourceLength Source samples that exist; at least 1.
 */
export function axisTaps(origin: number, length: number, count: number, sourceLength: number): AxisTaps {
  const step = length / count;
  const shrinks = step > 1;
  const width = shrinks ? Math.ceil(step) + 1 : 2;
  const index = new Int32Array(count * width);
  const weight = new Float32Array(count * width);
  const last = sourceLength - 1;
  for (let i = 0; i < count; i++) {
    const begin = origin + i * step;
    const base = i * width;
    if (shrinks) {
      const end = begin + step;
      const first = Math.floor(begin);
      for (let tap = 0; tap < width; tap++) {
        const sample = first + tap;
        const covered = Math.min(end, sample + 1) - Math.max(begin, sample);
        index[base + tap] = Math.min(Math.max(sample, 0), last);
        weight[base + tap] = covered > 0 ? covered / step : 0;
      }
    } else {
      const centre = begin + step / 2 - 0.5;
      const first = Math.floor(centre);
      const fraction = centre - first;
      index[base] = Math.min(Math.max(first, 0), last);
      index[base + 1] = Math.min(Math.max(first + 1, 0), last);
      weight[base] = 1 - fraction;
      weight[base + 1] = fraction;
    }
  }
  return { count, width, index, weight };
}
