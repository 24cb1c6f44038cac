import type { EmotionFinal, EmotionInterim } from '../../plugin/events/contract/v1/types.ts';
import type { Trace } from '../../plugin/events/trace/TraceTypes.ts';
import type { UtteranceOptions } from '../../plugin/UndertoneTypes.ts';

export interface TimelineParticipant {
  participantId: string;
  name: string;
  trace: Trace;
  /** As they came, revised ones included. */
  results: (EmotionFinal | EmotionInterim)[];
}

/** All that a timeline page shows, as it stands in the page in the script `timeline-data`. */
export interface TimelineFile {
  v: 1;
  title: string;
  /** What is shown as 0:00, on the clock of everything below, ms. */
  startMs: number;
  endMs: number;
  /** By which the windows were cut, where it is known. */
  utterance: UtteranceOptions;
  participants: TimelineParticipant[];
}
