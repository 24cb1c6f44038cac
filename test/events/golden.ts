import { readFileSync, readdirSync } from 'node:fs';

const GOLDEN = new URL('../../plugin/events/contract/v1/golden/', import.meta.url);

export interface GoldenFile {
  file: string;
  content: Record<string, unknown>;
}

function filesIn(folder: URL): GoldenFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      file,
      content: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, unknown>,
    }));
}

/** One event of each kind. */
export const goldenEvents = filesIn(GOLDEN);

/** Requests of the namespace and their answers. */
export const goldenMessages = filesIn(new URL('messages/', GOLDEN));

export function goldenEvent(name: string): Record<string, unknown> {
  const found = goldenEvents.find(({ file }) => file === `${name}.json`);
  if (!found) throw new Error(`no golden file ${name}.json`);
  return found.content;
}

/** The same, as the type that it has. */
export const goldenAs = <E>(name: string): E => goldenEvent(name) as E;
