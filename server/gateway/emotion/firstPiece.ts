import type { DurableEvent } from '../../../plugin/events/contract/v1/types.ts';

const MAX_EVENTS = 1_000;
const MAX_LENGTH = 2 * 2 ** 20;
/** Characters of an event without its words, and of a word with its times: on the large side. */
const EVENT_LENGTH = 2_000;
const WORD_LENGTH = 80;

function lengthOf(event: DurableEvent): number {
  if (event.type === 'emotion.retracted')
    return EVENT_LENGTH + (event.utteranceIds.length + (event.alertIds?.length ?? 0)) * 40;
  if (event.type === 'alert') return EVENT_LENGTH + (event.utteranceIds?.length ?? 0) * 40;
  if (event.type !== 'emotion.final' || !event.transcript) return EVENT_LENGTH;
  const { text, words = [] } = event.transcript;
  return EVENT_LENGTH + text.length + words.length * WORD_LENGTH;
}

/** The first of these events, as many as one answer should hold; one at least. */
export function firstPiece(events: readonly DurableEvent[]): DurableEvent[] {
  let length = 0;
  const end = events.findIndex((event, index) => {
    length += lengthOf(event);
    return index >= MAX_EVENTS || (length > MAX_LENGTH && index > 0);
  });
  return events.slice(0, end < 0 ? events.length : end);
}
