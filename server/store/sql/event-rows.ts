import type { EventType } from '../../../plugin/events/contract/v1/types.ts';
import type { Queries, Row, Value } from '../database/DatabaseTypes.ts';
import type { EventQuery, StoredEvent } from '../StoreTypes.ts';

const MOST = 10_000;

type EventRow = Row & {
  ord: number;
  seq: number | null;
  type: string;
  participant_id: string | null;
  utterance_id: string | null;
  at_ms: number;
  start_ms: number | null;
  end_ms: number | null;
  json: string;
};

/**
 * The name is looked up row by row: a join has PostgreSQL read and sort all that follows for each page, as long as it has no
 * statistics of a meeting that is being written.
 */
const SELECT = `SELECT ord, seq, type, utterance_id, at_ms, start_ms, end_ms, json,
    (SELECT participant_id FROM participants WHERE key = events.participant) AS participant_id
  FROM events`;

function toEvent(row: EventRow): StoredEvent {
  return {
    ord: row.ord,
    ...(row.seq !== null && { seq: row.seq }),
    type: row.type as EventType,
    ...(row.participant_id !== null && { participantId: row.participant_id }),
    ...(row.utterance_id !== null && { utteranceId: row.utterance_id }),
    atMs: row.at_ms,
    ...(row.start_ms !== null && { startMs: row.start_ms }),
    ...(row.end_ms !== null && { endMs: row.end_ms }),
    json: row.json,
  };
}

/** Events of a meeting by a condition, in the order of emission. */
export async function selectEvents(
  queries: Pick<Queries, 'all'>,
  condition: string,
  parameters: readonly Value[],
): Promise<StoredEvent[]> {
  const rows = await queries.all<EventRow>(`${SELECT} WHERE ${condition}`, parameters);
  return rows.map(toEvent);
}

/** One page of a meeting's events. */
export async function pageOfEvents(
  queries: Pick<Queries, 'all'>,
  meeting: number,
  { from = 0, to, types, participantId, limit = 1_000 }: EventQuery,
): Promise<StoredEvent[]> {
  const conditions = ['events.meeting = ?', 'ord >= ?'];
  const parameters: Value[] = [meeting, from];
  if (to !== undefined) {
    conditions.push('ord < ?');
    parameters.push(to);
  }
  if (participantId !== undefined) {
    conditions.push('participant = (SELECT key FROM participants WHERE meeting = ? AND participant_id = ?)');
    parameters.push(meeting, participantId);
  }
  const most = Math.max(0, Math.min(limit, MOST));
  const select = (more: string, values: readonly Value[]) =>
    selectEvents(queries, [...conditions, more].join(' AND ') + ' ORDER BY ord LIMIT ?', [
      ...parameters,
      ...values,
      most,
    ]);
  if (types === undefined) return select('1 = 1', []);
  const [first, ...others] = types;
  if (first === undefined) return [];
  if (others.length === 0) return select('type = ?', [first]);
  // Of each type a page is a stretch of an index; of several at once, all that follows might be sorted for each page.
  const stretch = `SELECT ord FROM (
    SELECT ord FROM events WHERE ${conditions.join(' AND ')} AND type = ? ORDER BY ord LIMIT ?) AS stretch`;
  const rows = await queries.all<{ ord: number }>(
    `${types.map(() => stretch).join(' UNION ALL ')} ORDER BY ord LIMIT ?`,
    [...types.flatMap((type) => [...parameters, type, most]), most],
  );
  const last = rows.at(-1)?.ord;
  if (last === undefined) return [];
  return select(`type IN (${types.map(() => '?').join(', ')}) AND ord <= ?`, [...types, last]);
}
