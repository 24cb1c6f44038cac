import { axisTaps } from './axis-taps.ts';
import { resamplePlane } from './resample-plane.ts';
import type { VideoFrame } from './video-decoder.ts';

/** A picture out of a file. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** RGB, interleaved, row by row: `width * height * 3` bytes. */
  readonly pixels: Uint8Array;
}

/**
 * The picture as a video decoder would give it: planar YUV 4:2:0, ITU-R BT.601, limited range. A chroma sample is the mean
 * of the pixels that it stands for.
 */
export function toVideoFrame({ width, height, pixels }: RgbPicture): VideoFrame {
  const chromaWidth = (width + 1) >> 1;
  const chromaHeight = (height + 1) >> 1;
  const y = new Uint8Array(width * height);
  const sums = {
    red: new Float32Array(chromaWidth * chromaHeight),
    blue: new Float32Array(chromaWidth * chromaHeight),
  };
  const counts = new Uint8Array(chromaWidth * chromaHeight);
  for (let row = 0, at = 0, from = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++, from += 3) {
      const [red, green, blue] = [pixels[from]!, pixels[from + 1]!, pixels[from + 2]!];
      y[at] = Math.round(16 + 0.256788 * red + 0.504129 * green + 0.097906 * blue);
      const chroma = (row >> 1) * chromaWidth + (column >> 1);
      sums.blue[chroma]! += -0.148223 * red - 0.290993 * green + 0.439216 * blue;
      sums.red[chroma]! += 0.439216 * red - 0.367788 * green - 0.071427 * blue;
      counts[chroma]! += 1;
    }
  }
  const plane = (sum: Float32Array) => Uint8Array.from(sum, (value, i) => Math.round(128 + value / counts[i]!));
  return {
    width,
    height,
    format: 'i420',
    y,
    u: plane(sums.blue),
    v: plane(sums.red),
    strideY: width,
    strideU: chromaWidth,
    strideV: chromaWidth,
  };
}

/**
 * Scales the whole picture to a square (box filter down, bilinear up), whatever its shape. One of that size stays as it
 * is, to the byte.
 *
 * @param size Side of the result, pixels.
 * @returns RGB, `size * size * 3` bytes.
 */
export function scaleToSquare({ width, height, pixels }: RgbPicture, size: number): Uint8Array {
  const horizontal = axisTaps(0, width, size, width);
  const vertical = axisTaps(0, height, size, height);
  const scaled = new Uint8Array(size * size * 3);
  const values = new Float32Array(size * size);
  for (let channel = 0; channel < 3; channel++) {
    const plane = Uint8Array.from({ length: width * height }, (_, i) => pixels[i * 3 + channel]!);
    resamplePlane(plane, width, horizontal, vertical, values);
    for (let i = 0; i < values.length; i++) scaled[i * 3 + channel] = Math.round(values[i]!);
  }
  return scaled;
}
