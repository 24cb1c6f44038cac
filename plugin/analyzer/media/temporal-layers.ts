/** How long the lowest layer is watched before its rate is believed. */
const OBSERVE_MS = 2000;

/**
 * Decides which temporal layers are worth decoding. Pictures of the lowest layer refer to nothing above it, so where its
 * rate is enough the others need not be decoded. As an upper layer refers to pictures that were left out, it is taken up again
 * at a key frame only.
 */
export class TemporalLayers {
  #baseOnly = false;
  #windowStartMs: number | null = null;
  #basePictures = 0;
  #baseFps = 0;

  /**
   * @param unit Its layer, 0 the lowest, and whether it is a key frame.
   * @param wallMs When it was captured.
   * @param neededFps Pictures a second that are looked at.
   * @returns Whether to decode it.
   */
  keep(unit: { readonly temporalId: number; readonly keyFrame: boolean }, wallMs: number, neededFps: number): boolean {
    if (unit.temporalId === 0) this.#count(wallMs);
    const enough = this.#baseFps >= neededFps;
    if (unit.keyFrame) this.#baseOnly = enough;
    else if (enough) this.#baseOnly = true;
    return unit.temporalId === 0 || !this.#baseOnly;
  }

  #count(wallMs: number): void {
    const elapsedMs = wallMs - (this.#windowStartMs ?? wallMs);
    if (this.#windowStartMs === null || elapsedMs < 0 || elapsedMs >= OBSERVE_MS) {
      if (elapsedMs >= OBSERVE_MS) this.#baseFps = (this.#basePictures * 1000) / elapsedMs;
      this.#windowStartMs = wallMs;
      this.#basePictures = 0;
    }
    this.#basePictures++;
  }
}
