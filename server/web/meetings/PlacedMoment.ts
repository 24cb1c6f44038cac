import type { MeetingReport, ReportMoment } from '../../../plugin/events/contract/v1/types.ts';
import { momentSentence } from './momentWords.ts';

/** A moment of change of one person. */
export interface PlacedMoment {
  key: string;
  participantId: string;
  /** Ms from the start of the meeting. */
  atMs: number;
  sentence: string;
  moment: ReportMoment;
}

/** The moments of everybody in a report, in the order of time. @param startMs - of the meeting, wall time */
export function momentsOf({ participants }: MeetingReport, startMs: number): PlacedMoment[] {
  return participants
    .flatMap(({ participantId, moments }) =>
      moments.map((moment, index) => ({
        key: `${participantId} ${index}`,
        participantId,
        atMs: Math.max(0, moment.atMs - startMs),
        sentence: momentSentence(moment),
        moment,
      })),
    )
    .sort((a, b) => a.atMs - b.atMs);
}
