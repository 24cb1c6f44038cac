import type { Queries, Row, Value } from '../database/DatabaseTypes.ts';
import type { ErasureRequest } from '../ErasureTypes.ts';

/** Rows that were deleted, by table. */
export type Deleted = Record<string, number>;

async function deleteFrom(queries: Queries, tables: readonly string[], condition: string, value: Value) {
  const deleted: Deleted = {};
  for (const table of tables) deleted[table] = await queries.run(`DELETE FROM ${table} WHERE ${condition}`, [value]);
  return deleted;
}

/** @param key the meeting's number */
export async function deleteMeetingRows(queries: Queries, key: number): Promise<Deleted> {
  await queries.hold('meetings', [key], 'delete');
  const deleted = await deleteFrom(queries, ['lanes', 'presence', 'events'], 'meeting = ?', key);
  deleted['lanes']! += await queries.run('DELETE FROM lane_blocks WHERE meeting = ?', [key]);
  await queries.run('DELETE FROM label_sets WHERE meeting = ?', [key]);
  deleted['participants'] = await queries.run('DELETE FROM participants WHERE meeting = ?', [key]);
  deleted['meetings'] = await queries.run('DELETE FROM meetings WHERE key = ?', [key]);
  return deleted;
}

/** @param key the participant's number, in one meeting */
export async function deleteParticipantRows(queries: Queries, key: number): Promise<Deleted> {
  // First the meeting, as whoever writes does: then neither waits for the other.
  const meetings = await queries.all<{ meeting: number }>('SELECT meeting FROM participants WHERE key = ?', [key]);
  await queries.hold(
    'meetings',
    meetings.map(({ meeting }) => meeting),
    'change',
  );
  await queries.hold('participants', [key], 'delete');
  const deleted = await deleteFrom(queries, ['lanes', 'presence'], 'participant = ?', key);
  deleted['lanes']! += await queries.run('DELETE FROM lane_blocks WHERE participant = ?', [key]);
  deleted['events'] = await queries.run('DELETE FROM events WHERE participant = ?', [key]);
  await queries.run(
    'UPDATE meetings SET events = events - ? WHERE key = (SELECT meeting FROM participants WHERE key = ?)',
    [deleted['events'], key],
  );
  deleted['participants'] = await queries.run('DELETE FROM participants WHERE key = ?', [key]);
  return deleted;
}

export function add(sum: Deleted, more: Deleted): Deleted {
  const keys = new Set([...Object.keys(sum), ...Object.keys(more)]);
  return Object.fromEntries([...keys].map((key) => [key, (sum[key] ?? 0) + (more[key] ?? 0)]));
}

/** Numbers of a participant in all the meetings that are meant. */
export async function participantKeysOf(
  queries: Pick<Queries, 'all'>,
  { participantId, roomId, meetingId }: ErasureRequest,
): Promise<number[]> {
  const conditions = ['participants.participant_id = ?'];
  const parameters: Value[] = [participantId];
  if (roomId !== undefined) {
    conditions.push('meetings.room_id = ?');
    parameters.push(roomId);
  }
  if (meetingId !== undefined) {
    conditions.push('meetings.meeting_id = ?');
    parameters.push(meetingId);
  }
  const rows = await queries.all<Row & { key: number }>(
    `SELECT participants.key FROM participants JOIN meetings ON meetings.key = participants.meeting
     WHERE ${conditions.join(' AND ')}`,
    parameters,
  );
  return rows.map(({ key }) => key);
}
