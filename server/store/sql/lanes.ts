import type { Queries, Row } from '../database/DatabaseTypes.ts';
import type { Lane } from '../PageTypes.ts';

/** Keeps lanes, so that a page opens at once. The participant's name stays where it is. */
export async function writeLanes(queries: Queries, meeting: number, lanes: readonly Lane[]): Promise<void> {
  await queries.run('DELETE FROM lanes WHERE meeting = ?', [meeting]);
  for (const { participantId, ...lane } of lanes) {
    await queries.run(
      `INSERT INTO lanes (meeting, participant, bucket_ms, json)
       SELECT meeting, key, CAST(? AS DOUBLE PRECISION), CAST(? AS TEXT) FROM participants WHERE meeting = ? AND participant_id = ?`,
      [lane.bucketMs, JSON.stringify(lane), meeting, participantId],
    );
  }
}

export async function readLanes(queries: Pick<Queries, 'all'>, meeting: number): Promise<Lane[]> {
  const rows = await queries.all<Row & { participant_id: string; json: string }>(
    `SELECT participant_id, json FROM lanes JOIN participants ON participants.key = lanes.participant
     WHERE lanes.meeting = ? ORDER BY lanes.participant`,
    [meeting],
  );
  return rows.map(({ participant_id: participantId, json }) => ({
    participantId,
    ...(JSON.parse(json) as Omit<Lane, 'participantId'>),
  }));
}
