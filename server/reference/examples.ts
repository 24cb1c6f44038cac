import { existsSync, readFileSync } from 'node:fs';

const GOLDEN = new URL('../../plugin/events/contract/v1/golden/', import.meta.url);

/** The golden file of a message, which is what the contract says in one example; undefined where there is none. */
export function exampleOf(message: string): string | undefined {
  const file = [`${message}.json`, `messages/${message}.json`]
    .map((name) => new URL(name, GOLDEN))
    .find((url) => existsSync(url));
  return file && JSON.stringify(JSON.parse(readFileSync(file, 'utf8')), null, 2);
}
