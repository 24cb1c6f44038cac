import type { RoomState } from '../../../client/RoomState.ts';
import { leading, shortReading } from '../view/wording.ts';
import type { Results } from './Results.ts';

export interface PersonNow {
  speaking: boolean;
  /** What cues suggest, in few words. */
  reading?: string;
  /** The label that leads. */
  label?: string;
}

/** What is known of each person at a time: from the replay where it plays, else from the results that are here. */
export function peopleNow(
  participantIds: readonly string[],
  atMs: number,
  results: Results,
  room: RoomState | undefined,
): Map<string, PersonNow> {
  const live = room && room.status !== 'connecting' ? room : undefined;
  return new Map(
    participantIds.map((participantId) => [
      participantId,
      live ? fromRoom(live, participantId) : fromResults(results, participantId, atMs),
    ]),
  );
}

function fromRoom({ participants }: RoomState, participantId: string): PersonNow {
  const { speaking = false, reading } = participants[participantId] ?? {};
  if (!reading) return { speaking };
  const label = leading(reading)?.name;
  return { speaking, reading: shortReading(reading), ...(label !== undefined && { label }) };
}

function fromResults(results: Results, participantId: string, atMs: number): PersonNow {
  const last = results.of(participantId).findLast(({ startMs }) => startMs <= atMs);
  if (!last) return { speaking: false };
  const label = last.lead?.name;
  return { speaking: last.endMs >= atMs, reading: last.reading, ...(label !== undefined && { label }) };
}
