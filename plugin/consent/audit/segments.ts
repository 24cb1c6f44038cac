import { existsSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** A file of a trail, to be read. */
export interface Segment {
  path: string;
  file: FileHandle;
  /** Whether it is the one that is appended to. */
  last: boolean;
}

/** Name of a file of a trail that has become long: `audit.jsonl.000001`, the oldest. */
export function segmentPath(path: string, number: number): string {
  return `${path}.${String(number).padStart(6, '0')}`;
}

/** Number of the next one. */
export function nextSegment(path: string): number {
  let number = 1;
  while (existsSync(segmentPath(path, number))) number += 1;
  return number;
}

/**
 * The files of a trail, oldest first. May be read while it is written: the file that is appended to is opened before it is made
 * sure that it has not become an older one meanwhile.
 *
 * @throws what the file system throws
 */
export async function* segmentsOf(path: string): AsyncGenerator<Segment> {
  for (let number = 1; ; number += 1) {
    const older = segmentPath(path, number);
    if (existsSync(older)) {
      yield { path: older, file: await open(older, 'r'), last: false };
      continue;
    }
    const file = await openNewest(path, number > 1);
    if (existsSync(older)) {
      await file?.close();
      number -= 1;
      continue;
    }
    if (file) yield { path, file, last: true };
    return;
  }
}

/** A crash right after the file was given its number leaves none: the next record begins another. */
async function openNewest(path: string, hasOlder: boolean): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (hasOlder && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
