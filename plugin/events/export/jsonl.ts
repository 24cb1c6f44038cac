import { durableEvents, survey, type EventSource } from './source.ts';

/** JSON Lines: one durable event of contract v1 a line. */
export async function* writeJsonl(source: EventSource): AsyncGenerator<string> {
  for await (const event of durableEvents(source, await survey(source))) yield `${JSON.stringify(event)}\n`;
}
