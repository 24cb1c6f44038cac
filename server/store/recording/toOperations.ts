import type { UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { usesOf } from '../sql/uses.ts';
import type { StorageMode, StoredEvent, StoreOperation } from '../StoreTypes.ts';

/** When what an event tells of began and ended. */
function spanOf(event: UndertoneEvent): { startMs?: number; endMs?: number } {
  if ('span' in event) return { startMs: event.span.startMs, endMs: event.span.endMs };
  return event.type === 'utterance.start' ? { startMs: event.startMs } : {};
}

/** Nothing that was said stays in it; how many words there were does. */
function withoutWords(event: UndertoneEvent): UndertoneEvent {
  if (!('transcript' in event)) return event;
  const { transcript: _, ...rest } = event;
  return rest;
}

/**
 * What is written for an event. Under `events` the words are taken out here, before anything else sees them.
 *
 * @param ord the event's place in the order of emission
 */
export function toOperations(event: UndertoneEvent, ord: number, storage: StorageMode): StoreOperation[] {
  const kept = storage === 'events' ? withoutWords(event) : event;
  const stored: StoredEvent = {
    ord,
    ...('seq' in kept && { seq: kept.seq }),
    type: kept.type,
    ...('participantId' in kept && kept.participantId !== undefined && { participantId: kept.participantId }),
    ...('utteranceId' in kept && { utteranceId: kept.utteranceId }),
    atMs: kept.atMs,
    ...spanOf(kept),
    json: JSON.stringify(kept),
  };
  const uses = 'modalities' in kept && !Array.isArray(kept.modalities) ? usesOf(kept.modalities) : 0;
  const told: StoreOperation = { op: 'event', event: stored, uses };
  if (event.type !== 'emotion.retracted') return [told];
  const { participantId, utteranceIds, modalities } = event;
  return [{ op: 'retract', participantId, utteranceIds, modalities }, told];
}
