import type { AxisTaps } from './axis-taps.ts';

/**
 * Resamples one plane of samples.
 *
 * @param stride Bytes from one row of the plane to the next.
 * @param out Gets `vertical.count` rows of `horizontal.count` values, in the units of the plane.
 */
export function resamplePlane(
  plane: Uint8Array,
  stride: number,
  horizontal: AxisTaps,
  vertical: AxisTaps,
  out: Float32Array,
): void {
  const columns = horizontal.count;
  // Neighbouring output rows share source rows: each is filtered along x once, and kept until it is no longer wanted.
  const rows = new RowCache(vertical.width + 1, columns);
  for (let row = 0; row < vertical.count; row++) {
    const outBase = row * columns;
    out.fill(0, outBase, outBase + columns);
    for (let tap = 0; tap < vertical.width; tap++) {
      const weight = vertical.weight[row * vertical.width + tap] ?? 0;
      if (weight === 0) continue;
      const source = vertical.index[row * vertical.width + tap] ?? 0;
      const filtered = rows.get(source) ?? filterRow(plane, source * stride, horizontal, rows.claim(source));
      for (let x = 0; x < columns; x++) out[outBase + x] = out[outBase + x]! + weight * filtered[x]!;
    }
  }
}

function filterRow(plane: Uint8Array, base: number, taps: AxisTaps, out: Float32Array): Float32Array {
  const { count, width, index, weight } = taps;
  for (let x = 0, at = 0; x < count; x++) {
    let sum = 0;
    for (let tap = 0; tap < width; tap++, at++) sum += plane[base + index[at]!]! * weight[at]!;
    out[x] = sum;
  }
  return out;
}

/** The rows that were filtered last, by source row. */
class RowCache {
  readonly #rows: Float32Array[];
  readonly #holds: Int32Array;
  #next = 0;

  constructor(size: number, columns: number) {
    this.#rows = Array.from({ length: size }, () => new Float32Array(columns));
    this.#holds = new Int32Array(size).fill(-1);
  }

  get(source: number): Float32Array | undefined {
    const at = this.#holds.indexOf(source);
    return at < 0 ? undefined : this.#rows[at];
  }

  claim(source: number): Float32Array {
    const at = this.#next;
    this.#next = (at + 1) % this.#rows.length;
    this.#holds[at] = source;
    return this.#rows[at]!;
  }
}
