import type { UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { debugging } from './debugging.ts';

const MAX_EVENTS = 500;

declare global {
  interface Window {
    /** With `?debug` in the address: the last events as they came, each once. */
    __undertone?: { events: UndertoneEvent[] };
  }
}

if (debugging) window.__undertone = { events: [] };

export function recordEvent(event: UndertoneEvent): void {
  const events = window.__undertone?.events;
  // What was asked for again after a gap may have come already.
  if (!events || events.some(({ eventId }) => eventId === event.eventId)) return;
  events.push(event);
  if (events.length > MAX_EVENTS) events.shift();
}
