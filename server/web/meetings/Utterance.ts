import type { EmotionFinal, LabelScore, Modality } from '../../../plugin/events/contract/v1/types.ts';
import { leading, MODALITIES, shortReading } from '../view/wording.ts';

/** What the page keeps of a final result. Times are ms from the start of the meeting. */
export interface Utterance {
  utteranceId: string;
  participantId: string;
  revision: number;
  startMs: number;
  endMs: number;
  text?: string;
  labels: readonly LabelScore[];
  /** The label that leads; missing where the result abstained. */
  lead?: LabelScore;
  /** The result in few words, e.g. `joy 62 %`. */
  reading: string;
  /** What it rests on. */
  used: readonly Modality[];
}

export function utteranceOf(final: EmotionFinal, meetingStartMs: number): Utterance {
  const lead = leading(final);
  const text = final.transcript?.text;
  return {
    utteranceId: final.utteranceId,
    participantId: final.participantId,
    revision: final.revision,
    startMs: final.span.startMs - meetingStartMs,
    endMs: final.span.endMs - meetingStartMs,
    ...(text !== undefined && { text }),
    labels: final.labels,
    ...(lead && { lead }),
    reading: shortReading(final),
    used: MODALITIES.filter((modality) => final.modalities[modality].used),
  };
}
