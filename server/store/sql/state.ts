import type { PerModality } from '../../../plugin/events/contract/v1/types.ts';
import type { Queries } from '../database/DatabaseTypes.ts';
import type { Presence, StateAt } from '../StoreTypes.ts';
import { selectEvents } from './event-rows.ts';

/** What stood just before the event of that place. */
export async function readState(
  queries: Pick<Queries, 'all'>,
  meeting: number,
  presences: readonly Presence[],
  ord: number,
): Promise<StateAt> {
  const events = await selectEvents(
    queries,
    `events.meeting = ? AND ord IN (
       SELECT MAX(ord) FROM events
       WHERE meeting = ? AND type IN ('analysis.state', 'overload', 'consent.changed') AND ord < ?
       GROUP BY type, participant) ORDER BY ord`,
    [meeting, meeting, ord],
  );
  const present = new Set<string>();
  for (const presence of presences) {
    if (presence.ord > ord) break;
    if (presence.change === 'join') present.add(presence.participantId);
    else present.delete(presence.participantId);
  }
  const consent: StateAt['consent'] = {};
  for (const { type, participantId, json } of events) {
    if (type !== 'consent.changed' || participantId === undefined) continue;
    const told = JSON.parse(json) as { consent: PerModality; analysed: PerModality };
    consent[participantId] = { consent: told.consent, analysed: told.analysed };
  }
  return { events, present: [...present], consent };
}
