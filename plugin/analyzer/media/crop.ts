import { axisTaps } from './axis-taps.ts';
import { resamplePlane } from './resample-plane.ts';
import type { VideoFrame } from './video-decoder.ts';

/** A square of the picture, pixels; it may leave the picture. */
export interface SquareBox {
  /** Left edge. */
  readonly x: number;
  /** Top edge. */
  readonly y: number;
  readonly size: number;
}

/**
 * Cuts a square out of a frame, scales it (box filter down, bilinear up) and converts it to RGB (ITU-R BT.601, limited
 * range), in one pass over the pixels that it covers. Outside the picture its edge is repeated.
 *
 * @param outSize Side of the result, pixels.
 * @param out Where to write, `outSize * outSize * 3` bytes; made when absent.
 * @returns RGB, interleaved, row by row.
 * @throws RangeError when the box or a size is not a finite number above 0, or `out` is too short.
 */
export function cropToRgb(frame: VideoFrame, box: SquareBox, outSize: number, out?: Uint8Array): Uint8Array {
  if (!Number.isInteger(outSize) || outSize < 1)
    throw new RangeError(`outSize is ${outSize}; it must be a whole number above 0.`);
  const target = out ?? new Uint8Array(outSize * outSize * 3);
  convertRegion(frame, { x: box.x, y: box.y, width: box.size, height: box.size }, outSize, outSize, target, 0, outSize);
  return target;
}

/** How a letterboxed picture lies in its square: `square = picture * scale + offset`, pixels. */
export interface Letterbox {
  readonly pixels: Uint8Array;
  readonly scale: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/**
 * Fits the whole frame into a square, its aspect kept, centred, with black bars, as the face detector was trained.
 *
 * @param out Where to write, `outSize * outSize * 3` bytes; made when absent.
 */
export function letterboxToRgb(frame: VideoFrame, outSize: number, out?: Uint8Array): Letterbox {
  const scale = outSize / Math.max(frame.width, frame.height);
  const width = Math.max(1, Math.round(frame.width * scale));
  const height = Math.max(1, Math.round(frame.height * scale));
  const offsetX = (outSize - width) >> 1;
  const offsetY = (outSize - height) >> 1;
  const pixels = out ?? new Uint8Array(outSize * outSize * 3);
  pixels.fill(0);
  const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
  convertRegion(frame, whole, width, height, pixels, offsetY * outSize + offsetX, outSize);
  return { pixels, scale, offsetX, offsetY };
}

interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function convertRegion(
  frame: VideoFrame,
  region: Region,
  outWidth: number,
  outHeight: number,
  out: Uint8Array,
  firstPixel: number,
  pixelsPerRow: number,
): void {
  const sound = [region.x, region.y].every(Number.isFinite) && region.width > 0 && region.height > 0;
  if (!sound || !Number.isFinite(region.width + region.height)) {
    throw new RangeError(`The box is ${JSON.stringify(region)}; x and y must be finite and its size above 0.`);
  }
  const needed = (firstPixel + (outHeight - 1) * pixelsPerRow + outWidth) * 3;
  if (out.length < needed) throw new RangeError(`out has ${out.length} bytes; ${needed} are needed.`);
  const area = outWidth * outHeight;
  const y = new Float32Array(area);
  const u = new Float32Array(area);
  const v = new Float32Array(area);
  const lumaX = axisTaps(region.x, region.width, outWidth, frame.width);
  const lumaY = axisTaps(region.y, region.height, outHeight, frame.height);
  resamplePlane(frame.y, frame.strideY, lumaX, lumaY, y);
  // Chroma samples are taken as centred between four luma samples; browsers differ in this by half a pixel at most.
  const chromaX = axisTaps(region.x / 2, region.width / 2, outWidth, (frame.width + 1) >> 1);
  const chromaY = axisTaps(region.y / 2, region.height / 2, outHeight, (frame.height + 1) >> 1);
  resamplePlane(frame.u, frame.strideU, chromaX, chromaY, u);
  resamplePlane(frame.v, frame.strideV, chromaX, chromaY, v);
  for (let row = 0, at = 0; row < outHeight; row++) {
    let to = (firstPixel + row * pixelsPerRow) * 3;
    for (let column = 0; column < outWidth; column++, at++, to += 3) {
      const luma = 1.164383 * (y[at]! - 16);
      const blue = u[at]! - 128;
      const red = v[at]! - 128;
      out[to] = clampByte(luma + 1.596027 * red);
      out[to + 1] = clampByte(luma - 0.391762 * blue - 0.812968 * red);
      out[to + 2] = clampByte(luma + 2.017232 * blue);
    }
  }
}

function clampByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}
