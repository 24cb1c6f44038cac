import type { Modality } from '../../../plugin/events/contract/v1/types.ts';
import type { Lane } from '../PageTypes.ts';
import { laneResultOf, restsOn, type LaneResult } from './LaneResult.ts';
import { MeetingLanes } from './MeetingLanes.ts';
import { keptMsFor } from './widths.ts';

/**
 * Works out the lanes of a meeting from its final results, which are to come in their order.
 * @param modalities only of results that rest on all of these
 */
export async function makeLanes(
  { startMs, endMs }: { startMs: number; endMs: number },
  finals: AsyncIterable<{ participantId?: string; json: string }>,
  modalities: readonly Modality[] = [],
): Promise<Lane[]> {
  const lanes = new MeetingLanes<string>(startMs, keptMsFor(endMs - startMs));
  const latest = new Map<string, LaneResult>();
  const sets = new Map<string, readonly string[]>();
  for await (const { participantId = '', json } of finals) {
    const result = laneResultOf(json);
    const utterance = `${participantId} ${result.utteranceId}`;
    const former = latest.get(utterance);
    if (!restsOn(result, modalities)) {
      // A revision may rest on less than what it revises.
      if (former) lanes.remove(participantId, former);
      latest.delete(utterance);
      continue;
    }
    lanes.add(participantId, result, former);
    latest.set(utterance, result);
    if (!sets.has(result.set)) sets.set(result.set, result.names);
  }
  return lanes.lanes(endMs - startMs, sets, (participantId) => participantId);
}
