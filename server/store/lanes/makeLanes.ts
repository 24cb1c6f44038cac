import type { Lane } from '../PageTypes.ts';
import { laneResultOf, type LaneResult } from './LaneResult.ts';
import { MeetingLanes } from './MeetingLanes.ts';
import { keptMsFor } from './widths.ts';

/** Works out the lanes of a meeting from its final results, which are to come in their order. */
export async function makeLanes(
  { startMs, endMs }: { startMs: number; endMs: number },
  finals: AsyncIterable<{ participantId?: string; json: string }>,
): Promise<Lane[]> {
  const lanes = new MeetingLanes<string>(startMs, keptMsFor(endMs - startMs));
  const latest = new Map<string, LaneResult>();
  const sets = new Map<string, readonly string[]>();
  for await (const { participantId = '', json } of finals) {
    const result = laneResultOf(json);
    const utterance = `${participantId} ${result.utteranceId}`;
    lanes.add(participantId, result, latest.get(utterance));
    latest.set(utterance, result);
    if (!sets.has(result.set)) sets.set(result.set, result.names);
  }
  return lanes.lanes(endMs - startMs, sets, (participantId) => participantId);
}
