import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'plugin', 'events', 'contract', 'v1', 'golden');

/** An event as the contract shows it. */
export function readGolden(name: string): UndertoneEvent {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as UndertoneEvent;
}
