import { open } from 'node:fs/promises';
import { EvaluationError } from '../EvaluationError.ts';

/** Far above any utterance or photograph. */
const MAX_MEGABYTES = 256;

/** @throws EvaluationError where there is no such file, it is none, or cannot be read */
export async function readFile(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new EvaluationError('is no file');
      if (stat.size > MAX_MEGABYTES * 2 ** 20) {
        throw new EvaluationError(`is ${Math.ceil(stat.size / 2 ** 20)} MB large; at most ${MAX_MEGABYTES} are read`);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error);
  }
}

/** Says in words why a file cannot be read. */
export function fileError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof EvaluationError) return error;
  return new EvaluationError(code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`);
}
