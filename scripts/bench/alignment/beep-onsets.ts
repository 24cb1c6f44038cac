/** A beep begins only after so long without one. */
const REST_MS = 300;
/** Louder than noise and what a codec adds, far below the beep (0.5). */
const LOUD = 0.15;
const SAMPLES_PER_MS = 16;

/** When beeps begin, out of 16 kHz sound. */
export class BeepOnsets {
  readonly atMs: number[] = [];
  #loudMs = Number.NEGATIVE_INFINITY;

  /** @param startMs Wall time of the first sample. */
  sound(startMs: number, pcm: Float32Array): void {
    for (let i = 0; i < pcm.length; i += 1) {
      if (Math.abs(pcm[i]!) <= LOUD) continue;
      const atMs = startMs + i / SAMPLES_PER_MS;
      if (atMs - this.#loudMs > REST_MS) this.atMs.push(atMs);
      this.#loudMs = atMs;
    }
  }
}

/** How much later than `trueMs` the nearest of `told` lies, ms; null where none lies within `withinMs`. */
export function errorOf(trueMs: number, told: readonly number[], withinMs: number): number | null {
  let error: number | null = null;
  for (const toldMs of told) {
    if (Math.abs(toldMs - trueMs) <= Math.abs(error ?? withinMs)) error = toldMs - trueMs;
  }
  return error;
}
