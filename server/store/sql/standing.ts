import type { Queries, Row } from '../database/DatabaseTypes.ts';

/** Kinds of events of which the newest says what holds of a participant. */
const TOLD_BY_THE_NEWEST = ['emotion.final', 'emotion.interim', 'utterance.start', 'utterance.end'] as const;

/**
 * Places of the events that say of each participant what held just before a place: the newest result of the newest utterance,
 * and whether an utterance is open. Newest is what begins last, as results may come out of order.
 *
 * @param atMs - when the event of that place was emitted: what began later was not told yet
 */
export async function standingPlaces(
  queries: Pick<Queries, 'all'>,
  meeting: number,
  ord: number,
  atMs: number,
): Promise<number[]> {
  const newest = TOLD_BY_THE_NEWEST.map(
    (type, index) => `(SELECT ord FROM events WHERE participant = participants.key AND type = '${type}'
       AND start_ms <= CAST(? AS DOUBLE PRECISION) AND ord < CAST(? AS BIGINT)
       ORDER BY start_ms DESC, ord DESC LIMIT 1) AS place${index}`,
  );
  const rows = await queries.all<Row>(`SELECT ${newest.join(', ')} FROM participants WHERE meeting = ?`, [
    ...TOLD_BY_THE_NEWEST.flatMap(() => [atMs, ord]),
    meeting,
  ]);
  return rows.flatMap((row) => Object.values(row).filter((place) => typeof place === 'number'));
}
