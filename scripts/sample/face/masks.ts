import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const SIZE = 2048;

/** A grey picture in the texture space of the base mesh, 0..1. */
export type Mask = (u: number, v: number) => number;

/** Reads one of the masks that come with the base mesh: lips, eyelids, ears, inside-mouth. */
export function readMask(directory: string, name: string): Mask {
  const path = join(directory, 'textures', `mpfb_${name}.jpg`);
  const args = ['-v', 'error', '-i', path, '-vf', `scale=${SIZE}:${SIZE}`, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'];
  const grey = execFileSync('ffmpeg', args, { maxBuffer: SIZE * SIZE + 1024 });
  return (u, v) => {
    const column = Math.min(SIZE - 1, Math.max(0, Math.round(u * SIZE)));
    const row = Math.min(SIZE - 1, Math.max(0, Math.round((1 - v) * SIZE)));
    return (grey[row * SIZE + column] ?? 0) / 255;
  };
}
