import { randomUUID } from 'node:crypto';
import type { UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import type { Participant } from '../sfu/Participant.ts';
import type { Room } from '../sfu/Room.ts';
import type { NewMeeting, Presence } from '../store/index.ts';
import { toOperations } from '../store/recording/toOperations.ts';
import type { StoreWriter } from '../store/recording/StoreWriter.ts';

export interface RecordOptions {
  writer: StoreWriter;
  meeting: Omit<NewMeeting, 'meetingId' | 'roomId' | 'source' | 'startMs'>;
  /** Whether what is about somebody may be kept. */
  mayStore: (roomId: string, participantId: string) => boolean;
}

const aboutWhom = (event: UndertoneEvent) => ('participantId' in event ? event.participantId : undefined);

/** Keeps one life of a room as a meeting: every event in the order of emission, who comes and who goes. */
export function recordRoom(room: Room, { writer, meeting, mayStore }: RecordOptions): string {
  const meetingId = randomUUID();
  const { observer } = room;
  const present = new Set<string>();
  let ord = 0;

  const tellPresence = ({ id, displayName, role }: Participant, change: Presence['change']) => {
    if (!mayStore(room.id, id) || present.has(id) === (change === 'join')) return;
    if (change === 'join') present.add(id);
    else present.delete(id);
    const presence = { participantId: id, change, atMs: Date.now(), ord };
    const named = change === 'join' && displayName !== '' ? { displayName, role } : {};
    writer.push(meetingId, [{ op: 'presence', presence, ...named }]);
  };
  const take = (event: UndertoneEvent) => {
    const subject = aboutWhom(event);
    if (subject !== undefined) {
      // The speakers of a sample call, and recorded ones, are there without joining.
      const participant = room.participant(subject);
      if (participant?.visible) tellPresence(participant, 'join');
      if (event.type !== 'emotion.retracted' && !mayStore(room.id, subject)) return;
    }
    writer.push(meetingId, toOperations(event, ord, meeting.storage));
    ord += 1;
  };

  writer.begin({ ...meeting, meetingId, roomId: room.id, source: room.source, startMs: observer.startedAtMs });
  // The state of the analysis was told before anybody could listen.
  for (const event of observer.since(0)) take(event);
  observer.on('event', take);
  room.on('join', (participant) => tellPresence(participant, 'join'));
  room.on('leave', (participant) => tellPresence(participant, 'leave'));
  room.once('close', (reason) => {
    observer.off('event', take);
    writer.end(meetingId, { endMs: Date.now(), reason });
  });
  return meetingId;
}
