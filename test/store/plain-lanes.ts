import type { EmotionFinal, Modality } from '../../plugin/events/contract/v1/types.ts';
import type { Lane } from '../../server/store/index.ts';

const WIDTHS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600];
const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits + 0;

function meansOf(results: readonly EmotionFinal[], set: string, names: readonly string[]) {
  const counted = results.filter(({ abstained, labelSet }) => abstained === undefined && labelSet.hash === set);
  const weightOf = ({ span }: EmotionFinal) => Math.max(span.endMs - span.startMs, 1);
  const weight = counted.reduce((sum, one) => sum + weightOf(one), 0);
  const mean = (of: (result: EmotionFinal) => number) =>
    counted.reduce((sum, one) => sum + weightOf(one) * of(one), 0) / (weight || 1);
  const p = names.map((name) =>
    round(
      mean((one) => one.labels.find((label) => label.name === name)?.p ?? 0),
      3,
    ),
  );
  return {
    p: counted.length > 0 ? p : [],
    sentiment: round(
      mean(({ sentiment }) => sentiment),
      2,
    ),
  };
}

/**
 * The lanes of a meeting as one would work them out with all of its final results at hand, of which those that were taken back are
 * none. Participants are in the order in which they are given.
 */
export function plainLanes(
  finals: readonly EmotionFinal[],
  participantIds: readonly string[],
  startMs: number,
  endMs: number,
): Lane[] {
  const bucketMs = WIDTHS_S.map((width) => width * 1_000).find((width) => (endMs - startMs) / width <= 720)!;
  const told = Map.groupBy(finals, ({ labelSet }) => labelSet.hash);
  const [set = '', ofSet = []] = [...told].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  const names = ofSet[0]?.labels.map(({ name }) => name).sort() ?? [];
  const latest = [...new Map(finals.map((final) => [final.utteranceId, final])).values()];
  return participantIds.flatMap((participantId) => {
    const results = latest.filter((final) => final.participantId === participantId);
    if (results.length === 0) return [];
    const share = (modality: Modality) =>
      round(results.filter(({ modalities }) => modalities[modality].used).length / results.length, 3);
    const buckets = Map.groupBy(results, ({ span }) => Math.max(0, Math.floor((span.startMs - startMs) / bucketMs)));
    return {
      participantId,
      bucketMs,
      labels: names,
      utterances: results.length,
      abstained: results.filter(({ abstained }) => abstained !== undefined).length,
      speechMs: Math.round(results.reduce((sum, { modalities }) => sum + modalities.audio.speechMs, 0)),
      ...meansOf(results, set, names),
      coverage: { audio: share('audio'), video: share('video'), text: share('text') },
      buckets: [...buckets]
        .sort(([a], [b]) => a - b)
        .map(([i, among]) => ({
          i,
          n: among.length,
          speechMs: among.reduce((sum, { modalities }) => sum + Math.round(modalities.audio.speechMs), 0),
          ...meansOf(among, set, names),
        })),
    };
  });
}
