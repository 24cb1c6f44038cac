import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { InputError } from './InputError.ts';

/** A file with what lies beside it. */
export interface FoundInput {
  path: string;
  /** The file's name as it is shown and as `--speakers` means it. */
  name: string;
  /** An IVF file of the same name. */
  video?: string;
  /** A transcript of the same name. */
  transcript?: string;
}

const SOUND = new Set(['.wav', '.ogg', '.oga', '.opus', '.mp4', '.m4a', '.mov', '.webm', '.mkv', '.mka']);
const TRANSCRIPT = ['.vtt', '.srt', '.json'];
/** Everybody's results wait for one another: more is no meeting. */
const MAX_INPUTS = 100;

/**
 * The recordings that are meant: files as they were named, and of a folder every sound file, with the video (`ada.ivf` beside
 * `ada.wav`) and the transcript (`ada.vtt`, `ada.srt`, `ada.json`) of the same name.
 *
 * @throws InputError where there is nothing to analyse
 */
export async function findInputs(paths: readonly string[]): Promise<FoundInput[]> {
  const found: FoundInput[] = [];
  for (const path of paths) {
    const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${error.code})`;
      throw new InputError(`${path}: ${why}`);
    });
    if (there.isDirectory()) found.push(...(await inFolder(path)));
    else found.push({ path, name: basename(path) });
  }
  if (found.length > MAX_INPUTS) {
    throw new InputError(`there are ${found.length} recordings; at most ${MAX_INPUTS} are analysed at once`);
  }
  return found;
}

/** The name without what says its kind. */
export function stemOf(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}

async function inFolder(folder: string): Promise<FoundInput[]> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  const sounds = names.filter((name) => SOUND.has(extname(name).toLowerCase())).sort();
  if (sounds.length === 0) {
    throw new InputError(`${folder}: the folder has no recording; known are ${[...SOUND].join(', ')}`);
  }
  const beside = (sound: string, extensions: readonly string[]) => {
    const name = names.find(
      (other) => stemOf(other) === stemOf(sound) && extensions.includes(extname(other).toLowerCase()),
    );
    return name === undefined ? undefined : join(folder, name);
  };
  return sounds.map((name) => {
    const [video, transcript] = [beside(name, ['.ivf']), beside(name, TRANSCRIPT)];
    return { path: join(folder, name), name, ...(video && { video }), ...(transcript && { transcript }) };
  });
}
