import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pageParts, timelinePage, type TimelineFile } from '../timeline/index.ts';
import { UsageError } from './UsageError.ts';

/**
 * Finds out before the work whether its result can be kept.
 * @throws UsageError saying why not
 */
export async function checkTimelinePath(file: string): Promise<void> {
  const problem = (why: string) => new UsageError(`--timeline: ${file}: ${why}`);
  const there = await stat(file).catch(() => undefined);
  if (there && !there.isFile()) throw problem('is no file; name one to write to, e.g. out.html');
  const folder = dirname(file);
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw problem(missing ? `there is no folder ${folder}` : `the folder ${folder} cannot be written to`);
  }
}

/** Writes the page in one piece: a file of that name is either the old one or the whole new one. */
export async function writeTimeline(path: string, file: TimelineFile): Promise<void> {
  const html = timelinePage(file, await pageParts());
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    await writeFile(part, html, { flag: 'wx' });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
