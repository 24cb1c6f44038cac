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

const SELECT = `SELECT ord, seq, type, participant_id, utterance_id, at_ms, start_ms, end_ms, json
  FROM events LEFT JOIN participants ON participants.key = events.participant`;

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
  if (types !== undefined) {
    conditions.push(`type IN (${types.map(() => '?').join(', ') || 'NULL'})`);
    parameters.push(...types);
  }
  if (participantId !== undefined) {
    conditions.push('participant_id = ?');
    parameters.push(participantId);
  }
  parameters.push(Math.max(0, Math.min(limit, MOST)));
  return selectEvents(queries, `${conditions.join(' AND ')} ORDER BY ord LIMIT ?`, parameters);
}
