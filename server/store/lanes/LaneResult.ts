import type { EmotionFinal, Modality } from '../../../plugin/events/contract/v1/types.ts';

const MODALITIES: readonly Modality[] = ['audio', 'video', 'text'];

/** What lanes need of a final result. Times are wall ms. */
export interface LaneResult {
  utteranceId: string;
  revision: number;
  startMs: number;
  lengthMs: number;
  speechMs: number;
  /** Hash of the set of labels. */
  set: string;
  /** Names of the set, in the order of the alphabet; `p` has that order. */
  names: readonly string[];
  p: readonly number[];
  sentiment: number;
  abstained: boolean;
  /** Whether each modality took part: audio, video, text. */
  used: readonly boolean[];
}

/** @param json an `emotion.final` as it was emitted */
export function laneResultOf(json: string): LaneResult {
  const final = JSON.parse(json) as EmotionFinal;
  const labels = [...final.labels].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return {
    utteranceId: final.utteranceId,
    revision: final.revision,
    startMs: final.span.startMs,
    lengthMs: final.span.endMs - final.span.startMs,
    speechMs: final.modalities.audio.speechMs,
    set: final.labelSet.hash,
    names: labels.map(({ name }) => name),
    p: labels.map(({ p }) => p),
    sentiment: final.sentiment,
    abstained: final.abstained !== undefined,
    used: MODALITIES.map((modality) => final.modalities[modality].used),
  };
}

/** Whether each of the modalities took part in a result. */
export function restsOn({ used }: LaneResult, modalities: readonly Modality[]): boolean {
  return modalities.every((modality) => used[MODALITIES.indexOf(modality)]);
}
