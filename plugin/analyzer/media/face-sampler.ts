import { cropToRgb } from './crop.ts';
import type { FaceBox, FaceDetector } from './faces.ts';
import { pickParticipantFace, squareAround } from './faces.ts';
import { faceQuality } from './face-quality.ts';
import type { FaceQualityReason } from './face-quality.ts';
import type { VideoFrame } from './video-decoder.ts';

export interface FaceCropOptions {
  /** Side of the crop, pixels. */
  readonly size: number;
  /** Side of the square that is cut out, as a multiple of the larger side of the face's box. */
  readonly cropScale: number;
  /** How far the square's centre lies above the box's, as a share of the square's side. @default 0 */
  readonly cropRise?: number;
}

/** The participant's face in one frame. */
export interface FaceSample {
  /** RGB, `size * size * 3` bytes, in a buffer of its own. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly size: number;
  /** In pixels of the frame. */
  readonly box: FaceBox;
  readonly frameWidth: number;
  readonly frameHeight: number;
  /** The detector's confidence, 0..1. */
  readonly score: number;
  /** 0 (useless) to 1. */
  readonly quality: number;
  readonly reasons: readonly FaceQualityReason[];
}

/**
 * Finds the participant's face in a frame and cuts it out. The frame must stay valid until the promise settles.
 *
 * @returns null where the frame shows no face.
 */
export async function sampleFace(
  frame: VideoFrame,
  detector: FaceDetector,
  { size, cropScale, cropRise = 0 }: FaceCropOptions,
): Promise<FaceSample | null> {
  const face = pickParticipantFace(await detector.detect(frame), frame.width, frame.height);
  if (face === null) return null;
  const pixels = new Uint8Array(size * size * 3);
  cropToRgb(frame, squareAround(face.box, cropScale, cropRise), size, pixels);
  const facePixels = Math.max(face.box.width, face.box.height);
  const { quality, reasons } = faceQuality({ pixels, size, facePixels, score: face.score });
  const { width: frameWidth, height: frameHeight } = frame;
  return { pixels, size, box: face.box, frameWidth, frameHeight, score: face.score, quality, reasons };
}
