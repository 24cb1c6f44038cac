import type { UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { CONTRACT_VERSION } from '../../../plugin/events/contract/v1/version.ts';
import type { MeetingStore, StoreOperation } from '../../../server/store/index.ts';
import { toOperations } from '../../../server/store/recording/toOperations.ts';
import { meetingEvents, type MeetingShape } from '../analytics/meeting.ts';

/** The room of generated meetings. */
export const ROOM = 'long';
const CHUNK = 1_000;

/** Puts a generated meeting into a store; resolves with its id. */
export async function keepMeeting(store: MeetingStore, shape: MeetingShape): Promise<string> {
  const events: UndertoneEvent[] = [...meetingEvents(shape)].sort((a, b) => a.atMs - b.atMs);
  const startMs = Math.floor(events[0]!.atMs);
  const meetingId = await store.begin({
    roomId: ROOM,
    source: 'call',
    title: `${shape.hours} hours`,
    startMs,
    storage: 'events+transcript',
    labels: { labels: [] },
    visibility: 'room',
    retentionDays: 1,
    model: { id: 'generated', version: '1' },
    noticeVersion: 'none',
    purpose: { use: 'demo', context: 'private', jurisdiction: 'none' },
    contract: CONTRACT_VERSION,
    software: 'benchmark',
  });
  const joins = Array.from({ length: shape.people }, (_, index): StoreOperation => ({
    op: 'presence',
    presence: { participantId: `participant-${index}`, change: 'join', atMs: startMs, ord: 0 },
    displayName: `Participant ${index}`,
    role: 'speaker',
  }));
  await store.write(meetingId, joins);
  for (let from = 0; from < events.length; from += CHUNK) {
    const operations = events
      .slice(from, from + CHUNK)
      .flatMap((event, index) => toOperations(event, from + index, 'events+transcript'));
    await store.write(meetingId, operations);
  }
  await store.end(meetingId, { endMs: startMs + shape.hours * 3_600_000, reason: 'empty' });
  return meetingId;
}
