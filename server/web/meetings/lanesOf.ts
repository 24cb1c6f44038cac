import type { MeetingDetail } from '../../../plugin/events/contract/v1/types.ts';

export type MeetingLane = MeetingDetail['lanes'][number];

/** A lane for everybody who took part, in the order in which they are told; of whom there is no result, an empty one. */
export function lanesOf({ participants, lanes }: Pick<MeetingDetail, 'participants' | 'lanes'>): MeetingLane[] {
  const found = new Map(lanes.map((lane) => [lane.participantId, lane]));
  const known = new Set(participants.map(({ participantId }) => participantId));
  return [
    ...participants.map(({ participantId, displayName }): MeetingLane => {
      const lane = found.get(participantId);
      const name = displayName !== undefined && { displayName };
      return lane ? { ...lane, ...name } : { ...EMPTY, participantId, ...name };
    }),
    ...lanes.filter(({ participantId }) => !known.has(participantId)),
  ];
}

/** The labels of all lanes, each once, in the order of their names. */
export function labelsOf(lanes: readonly MeetingLane[]): string[] {
  return [...new Set(lanes.flatMap(({ labels }) => labels))].sort();
}

export function nameOf({ displayName, participantId }: { displayName?: string; participantId: string }): string {
  return displayName ?? participantId;
}

const EMPTY: Omit<MeetingLane, 'participantId'> = {
  bucketMs: 1_000,
  labels: [],
  utterances: 0,
  abstained: 0,
  speechMs: 0,
  p: [],
  sentiment: 0,
  coverage: { audio: 0, video: 0, text: 0 },
  buckets: [],
};
