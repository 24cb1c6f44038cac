/** Why a face says little: no face, too few pixels, out of focus or in motion, too dark. */
export type FaceQualityReason = 'none' | 'small' | 'blurred' | 'dark';

export interface FaceQuality {
  /** 0 (useless) to 1. */
  readonly quality: number;
  readonly reasons: readonly FaceQualityReason[];
}

export interface FaceQualityInput {
  /** The crop, RGB, `size * size * 3` bytes. */
  readonly pixels: Uint8Array;
  /** Side of the crop, pixels. */
  readonly size: number;
  /** Larger side of the face in the frame it was cut from, pixels. */
  readonly facePixels: number;
  /** The detector's confidence, 0..1. */
  readonly score: number;
}

/** Where a measure begins to count for nothing, and where it counts fully. */
interface Ramp {
  readonly none: number;
  readonly full: number;
}

/** Expression models lose little down to 48 pixels, and most below 20. */
const FACE_PIXELS: Ramp = { none: 16, full: 48 };
/** Variance of the Laplacian, grey levels squared; measured on crops of 64 pixels of talking faces, sharp and blurred. */
const SHARPNESS: Ramp = { none: 8, full: 60 };
/** Mean luma, 0..255. */
const BRIGHTNESS: Ramp = { none: 16, full: 56 };
const SCORE: Ramp = { none: 0.4, full: 0.8 };

/** Below this share of a measure its reason is given. */
const REASON_BELOW = 0.5;

/** How far a face crop can be trusted: the geometric mean of size, sharpness, brightness and the detector's confidence. */
export function faceQuality({ pixels, size, facePixels, score }: FaceQualityInput): FaceQuality {
  const luma = toLuma(pixels, size);
  const bySize = along(FACE_PIXELS, facePixels);
  const bySharpness = along(SHARPNESS, laplacianVariance(luma, size));
  const byBrightness = along(BRIGHTNESS, mean(luma));
  const reasons: FaceQualityReason[] = [];
  if (bySize < REASON_BELOW) reasons.push('small');
  if (bySharpness < REASON_BELOW) reasons.push('blurred');
  if (byBrightness < REASON_BELOW) reasons.push('dark');
  return { quality: (bySize * bySharpness * byBrightness * along(SCORE, score)) ** 0.25, reasons };
}

/**
 * Variance of the 4-neighbour Laplacian of a square grey image, a measure of focus (Pech-Pacheco et al. 2000).
 *
 * @param luma `size * size` values, 0..255.
 */
export function laplacianVariance(luma: Float32Array, size: number): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const at = y * size + x;
      const value = luma[at - 1]! + luma[at + 1]! + luma[at - size]! + luma[at + size]! - 4 * luma[at]!;
      sum += value;
      squares += value * value;
      count++;
    }
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}

function toLuma(pixels: Uint8Array, size: number): Float32Array {
  const luma = new Float32Array(size * size);
  for (let i = 0, at = 0; i < luma.length; i++, at += 3) {
    luma[i] = 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
  }
  return luma;
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function along({ none, full }: Ramp, value: number): number {
  return Math.min(1, Math.max(0, (value - none) / (full - none)));
}
