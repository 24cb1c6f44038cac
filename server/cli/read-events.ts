import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { EVENT_TYPES, EventSchema } from '../../plugin/events/index.ts';
import type { UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { UsageError } from './UsageError.ts';

const KNOWN: ReadonlySet<unknown> = new Set(EVENT_TYPES);

/** @throws UsageError where there is no such file */
export async function checkFile(file: string): Promise<void> {
  await access(file).catch(() => {
    throw new UsageError(`${file}: there is no such file`);
  });
}

/**
 * Events of contract v1 out of a file, one a line; those of types that were added later are passed over.
 *
 * @throws UsageError with the line and the field for what is no event
 */
export async function* eventsIn(file: string): AsyncGenerator<UndertoneEvent> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    const event = readLine(line, `${file}, line ${number}`);
    if (event) yield event;
  }
}

/** @returns undefined for an event of a type that was added later: that is no error */
function readLine(line: string, where: string): UndertoneEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UsageError(`${where}: is no JSON`);
  }
  const { v, type } = (value ?? {}) as Record<string, unknown>;
  if (v === 1 && typeof type === 'string' && !KNOWN.has(type)) return undefined;
  const parsed = EventSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new UsageError(`${where}: is no event of contract v1 (${issue.path.join('.') || 'event'}: ${issue.message})`);
}
