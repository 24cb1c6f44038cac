import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../../plugin/index.ts';
import { CONTRACT_VERSION } from '../../plugin/events/contract/v1/version.ts';
import { stableId } from '../../plugin/events/stable-id.ts';
import { PACKAGE_DIR } from '../../plugin/paths.ts';
import type { LabelsOfMeeting, MeetingStore, NewMeeting, StoreOperation } from '../store/index.ts';
import { toOperations } from '../store/recording/toOperations.ts';

/** Written at once. */
const OPERATIONS = 500;

export interface KeptRecording extends Pick<NewMeeting, 'roomId' | 'startMs' | 'storage' | 'model' | 'retentionDays'> {
  /** Of the analysis: the same one is kept once. */
  key: string;
  endMs: number;
  participants: readonly { participantId: string; name: string }[];
  visibility: string;
  purpose?: object;
}

/**
 * Keeps an analysed recording as a meeting, with the rows that a live call has.
 *
 * @param source all events, as often as it is called
 * @returns the meeting's id
 * @throws DatabaseError where the store cannot do it
 */
export async function keepMeeting(
  store: MeetingStore,
  source: () => AsyncIterable<RecordedEvent>,
  { key, endMs, participants, ...about }: KeptRecording,
): Promise<string> {
  const wanted = stableId(key, 'meeting');
  const there = await store.meeting(wanted);
  // A run that was cut off after it was kept does not keep it twice; a half one is left to the store, which ends it.
  if (there?.endMs !== undefined) return wanted;
  const meetingId = await store.begin({
    ...about,
    ...(!there && { meetingId: wanted }),
    source: 'recording',
    title: about.roomId,
    labels: await labelsIn(source),
    contract: CONTRACT_VERSION,
    software: version(),
  });
  const present = (change: 'join' | 'leave', atMs: number, ord: number): StoreOperation[] =>
    participants.map(({ participantId, name }) => ({
      op: 'presence',
      presence: { participantId, change, atMs, ord },
      ...(change === 'join' && { displayName: name }),
    }));
  let waiting = present('join', about.startMs, 0);
  let ord = 0;
  for await (const event of source()) {
    waiting.push(...toOperations(event, ord, about.storage));
    ord += 1;
    if (waiting.length < OPERATIONS) continue;
    await store.write(meetingId, waiting);
    waiting = [];
  }
  await store.write(meetingId, [...waiting, ...present('leave', endMs, ord)]);
  await store.end(meetingId, { endMs, reason: 'recording-ended' });
  return meetingId;
}

async function labelsIn(source: () => AsyncIterable<RecordedEvent>): Promise<LabelsOfMeeting> {
  for await (const event of source()) {
    if (event.type !== 'emotion.final') continue;
    return { id: event.labelSet.id, labels: event.labels.map(({ name }) => name).sort() };
  }
  return { labels: [] };
}

function version(): string {
  return (JSON.parse(readFileSync(join(PACKAGE_DIR, 'package.json'), 'utf8')) as { version: string }).version;
}
