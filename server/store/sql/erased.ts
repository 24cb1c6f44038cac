import { createHash, randomBytes } from 'node:crypto';
import type { Queries } from '../database/DatabaseTypes.ts';

/** What of a participant a receipt may hold: enough to know them by when they come, not enough to tell who they are. */
export interface Subject {
  salt: string;
  digest: string;
}

const digestOf = (salt: string, participantId: string) =>
  createHash('sha256').update(salt).update('\n').update(participantId).digest('hex');

export function subjectOf(participantId: string): Subject {
  const salt = randomBytes(16).toString('hex');
  return { salt, digest: digestOf(salt, participantId) };
}

/** Whether that is the participant that a receipt is about. */
export function isSubject({ salt, digest }: Subject, participantId: string): boolean {
  return digestOf(salt, participantId) === digest;
}

/** Who was erased from a meeting since it began: nothing of theirs is written into it any more. */
export async function erasedFrom(queries: Queries, meetingKey: number): Promise<(participantId: string) => boolean> {
  const rows = await queries.all<{ salt: string; subject: string }>(
    `SELECT erasures.salt, erasures.subject FROM erasures, meetings
     WHERE meetings.key = ? AND erasures.what = 'participant' AND erasures.salt IS NOT NULL
       AND erasures.at_ms >= meetings.start_ms
       AND (erasures.room_id IS NULL OR erasures.room_id = meetings.room_id)
       AND (erasures.meeting_id IS NULL OR erasures.meeting_id = meetings.meeting_id)`,
    [meetingKey],
  );
  const subjects = rows.map(({ salt, subject }) => ({ salt, digest: subject }));
  return (participantId) => subjects.some((subject) => isSubject(subject, participantId));
}
