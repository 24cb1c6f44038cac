import type { Queries, Row } from '../database/DatabaseTypes.ts';
import type { MeetingParticipant, Presence } from '../StoreTypes.ts';

type ParticipantRow = Row & {
  participant_id: string;
  display_name: string | null;
  role: string | null;
  expires_ms: number | null;
};

export async function readParticipants(
  queries: Pick<Queries, 'all'>,
  meetingId: string,
): Promise<MeetingParticipant[]> {
  const rows = await queries.all<ParticipantRow>(
    `SELECT participant_id, display_name, role, expires_ms FROM participants
     WHERE meeting = (SELECT key FROM meetings WHERE meeting_id = ?) ORDER BY key`,
    [meetingId],
  );
  return rows.map((row) => ({
    participantId: row.participant_id,
    ...(row.display_name !== null && { displayName: row.display_name }),
    ...(row.role !== null && { role: row.role }),
    ...(row.expires_ms !== null && { expiresMs: row.expires_ms }),
  }));
}

export async function readPresence(queries: Pick<Queries, 'all'>, meetingId: string): Promise<Presence[]> {
  const rows = await queries.all<Row & { participant_id: string; change: string; at_ms: number; ord: number }>(
    `SELECT participant_id, change, at_ms, ord FROM presence JOIN participants ON participants.key = presence.participant
     WHERE presence.meeting = (SELECT key FROM meetings WHERE meeting_id = ?) ORDER BY ord, at_ms`,
    [meetingId],
  );
  return rows.map(({ participant_id: participantId, change, at_ms: atMs, ord }) => ({
    participantId,
    change: change as Presence['change'],
    atMs,
    ord,
  }));
}
