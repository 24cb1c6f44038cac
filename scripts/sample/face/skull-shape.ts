import type { Surface } from './hair.ts';
import { add, length, scale, subtract, unit, type Vec } from './vec.ts';

/** The head as a distance from its middle for every direction: fast to keep hair outside of. */
export class SkullShape {
  readonly #centre: Vec;
  readonly #cells: number;
  /** Rows of elevation by columns of azimuth. */
  readonly #radii: Float64Array;

  constructor({ positions, quads, ears }: Surface, centre: Vec, cells = 96) {
    this.#centre = centre;
    this.#cells = cells;
    this.#radii = new Float64Array(cells * cells);
    const put = (point: Vec): void => {
      const out = subtract(point, centre);
      const cell = this.#cell(out);
      this.#radii[cell] = Math.max(this.#radii[cell]!, length(out));
    };
    for (const quad of quads) {
      if (quad.some((vertex) => ears[vertex]! > 0.3)) continue;
      const [a, b, c, d] = quad.map((vertex): Vec => [
        positions[vertex * 3]!,
        positions[vertex * 3 + 1]!,
        positions[vertex * 3 + 2]!,
      ]);
      if (subtract(a!, centre)[1] < -1.6) continue;
      for (let i = 0; i < 5; i += 1) {
        for (let j = 0; j < 5; j += 1) {
          const top = add(scale(a!, 1 - i / 4), b!, i / 4);
          const bottom = add(scale(d!, 1 - i / 4), c!, i / 4);
          put(add(scale(top, 1 - j / 4), bottom, j / 4));
        }
      }
    }
    this.#fillHoles();
  }

  /** Angle around the vertical axis, 0 at the face, pi at the nape, the same on both sides. */
  azimuth(point: Vec): number {
    const [x, , z] = subtract(point, this.#centre);
    return Math.abs(Math.atan2(x, z));
  }

  outward(point: Vec): Vec {
    return unit(subtract(point, this.#centre));
  }

  /** Not inside the mouth or an eye socket. */
  isOuter(point: Vec): boolean {
    const out = subtract(point, this.#centre);
    return length(out) > this.#radii[this.#cell(out)]! - 0.12;
  }

  onSurface(point: Vec): Vec {
    const out = subtract(point, this.#centre);
    return add(this.#centre, scale(unit(out), this.#radii[this.#cell(out)]!));
  }

  /** The point, or the nearest one `distance` above the surface when it lies below that. */
  keepOut(point: Vec, distance: number): Vec {
    const out = subtract(point, this.#centre);
    const least = this.#radii[this.#cell(out)]! + distance;
    const now = length(out);
    return now >= least ? point : add(this.#centre, scale(out, least / (now || 1)));
  }

  #cell(out: Vec): number {
    const elevation = Math.acos(Math.min(1, Math.max(-1, out[1] / (length(out) || 1)))) / Math.PI;
    const azimuth = Math.atan2(out[0], out[2]) / (2 * Math.PI) + 0.5;
    const row = Math.min(this.#cells - 1, Math.floor(elevation * this.#cells));
    return row * this.#cells + Math.min(this.#cells - 1, Math.floor(azimuth * this.#cells));
  }

  #fillHoles(): void {
    for (let pass = 0; pass < 12; pass += 1) {
      const before = Float64Array.from(this.#radii);
      for (let row = 0; row < this.#cells; row += 1) {
        for (let column = 0; column < this.#cells; column += 1) {
          const cell = row * this.#cells + column;
          if (before[cell] !== 0) continue;
          const around = [
            before[row * this.#cells + ((column + 1) % this.#cells)],
            before[row * this.#cells + ((column + this.#cells - 1) % this.#cells)],
            before[Math.max(0, row - 1) * this.#cells + column],
            before[Math.min(this.#cells - 1, row + 1) * this.#cells + column],
          ].filter((radius) => radius !== undefined && radius > 0) as number[];
          if (around.length > 0) this.#radii[cell] = around.reduce((sum, radius) => sum + radius, 0) / around.length;
        }
      }
    }
  }
}
