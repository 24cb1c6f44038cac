import {
  sampleFace,
  scaleToSquare,
  toVideoFrame,
  type FaceCropOptions,
  type FaceDetector,
  type RgbPicture,
} from '../../../plugin/analyzer/media/index.ts';
import { EvaluationError } from '../EvaluationError.ts';

/** `detect`: a face has to be found; `whole`: the picture is a face; `auto`: as it seems. */
export const FACE_MODES = ['auto', 'detect', 'whole'] as const;
export type FaceMode = (typeof FACE_MODES)[number];

/** A picture whose longer side has no more pixels is a face crop. */
const CROP_SIDE = 128;

/** Turns pictures into face crops as the model takes them. */
export class FaceCutter {
  readonly counts = { detected: 0, whole: 0 };
  readonly #detector: FaceDetector;
  readonly #mode: FaceMode;
  readonly #options: FaceCropOptions;

  constructor(detector: FaceDetector, mode: FaceMode, options: FaceCropOptions) {
    this.#detector = detector;
    this.#mode = mode;
    this.#options = options;
  }

  /**
   * The face, cut out as from a frame of a live call, or the whole picture where it is a face crop already.
   *
   * @returns RGB, `size * size * 3` bytes
   * @throws EvaluationError where a face has to be found and is not
   */
  async cut(picture: RgbPicture): Promise<Uint8Array> {
    const isCrop = Math.max(picture.width, picture.height) <= CROP_SIDE;
    if (this.#mode === 'detect' || (this.#mode === 'auto' && !isCrop)) {
      const sample = await sampleFace(toVideoFrame(picture), this.#detector, this.#options);
      if (sample) {
        this.counts.detected++;
        return sample.pixels;
      }
      if (this.#mode === 'detect') throw new EvaluationError('no face was found (--faces whole takes all of it)');
    }
    this.counts.whole++;
    return scaleToSquare(picture, this.#options.size);
  }
}
