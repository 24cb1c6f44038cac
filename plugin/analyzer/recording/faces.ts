import { sampleFace, type FaceCropOptions, type FaceDetector } from '../media/index.ts';
import type { Pictures } from './pictures.ts';

/** One sampled picture: its face, or null where none was found. */
export interface RecordedFace {
  atMs: number;
  face: { pixels: Uint8Array; size: number; quality: number; reasons: string[] } | null;
}

/** The faces in the video of one participant, found at the rate of a live call. */
export class RecordingFaces {
  readonly #pictures: Pictures;
  readonly #detector: FaceDetector;
  readonly #crop: FaceCropOptions;
  readonly #fps: number;
  /** Pictures are taken from a grid that begins with the recording, so that it does not matter where one begins to look. */
  #slot = -1;

  /** @param fps pictures a second to look at */
  constructor(pictures: Pictures, detector: FaceDetector, crop: FaceCropOptions, fps: number) {
    this.#pictures = pictures;
    this.#detector = detector;
    this.#crop = crop;
    this.#fps = fps;
  }

  /** What the pictures before `untilMs` show that have not been looked at, in the order of time. */
  async until(untilMs: number): Promise<RecordedFace[]> {
    const faces: RecordedFace[] = [];
    for (;;) {
      const picture = await this.#pictures.next(untilMs);
      if (!picture) return faces;
      const slot = Math.floor((picture.timeMs * this.#fps) / 1000);
      if (picture.timeMs < 0 || slot <= this.#slot) continue;
      this.#slot = slot;
      const face = await sampleFace(picture.frame, this.#detector, this.#crop);
      faces.push({
        atMs: picture.timeMs,
        face: face && { pixels: face.pixels, size: face.size, quality: face.quality, reasons: [...face.reasons] },
      });
    }
  }

  /** Leaves out what comes before `ms`. */
  async skipTo(ms: number): Promise<void> {
    await this.#pictures.skipTo(ms);
    // What lies between the key frame and `ms` is decoded, not looked at.
    this.#slot = Math.ceil((ms * this.#fps) / 1000) - 1;
  }

  close(): void {
    this.#pictures.close();
  }
}
