import type { EmotionFinal } from '../../../plugin/events/contract/v1/types.ts';
import type { EventSource } from '../../../plugin/events/index.ts';

/** An utterance, as much as the report shows of it. */
export interface Said {
  startMs: number;
  endMs: number;
  /** The leading label; undefined where the model would not say. */
  label?: string;
  confidence: number;
  sentiment: number;
  used: { text: boolean; audio: boolean; video: boolean };
  text?: string;
}

/** One participant's results, summed up. */
export interface Summary {
  participantId: string;
  name: string;
  said: Said[];
  /** ms from the beginning to the end of utterances. */
  talkMs: number;
  /** ms of utterances with a result that says something. */
  readMs: number;
  /** Mean p of each label, weighted by the time of its utterance; of those of which the model says something. */
  shares: Map<string, number>;
  /** Mean confidence of the same; undefined where there are none. */
  confidence?: number;
  /** Share of the talk time in which a modality was used. */
  used: { text: number; audio: number; video: number };
}

export interface Gathered {
  participants: Summary[];
  /** All labels that were asked, the most expressed first. */
  labels: string[];
  models: string[];
  labelSets: string[];
}

const MODALITIES = ['text', 'audio', 'video'] as const;

/**
 * Sums the results that hold up, by participant.
 *
 * @param withWords whether what was said is kept
 */
export async function gather(
  source: EventSource,
  participants: readonly { participantId: string; name: string }[],
  withWords: boolean,
): Promise<Gathered> {
  const newest = new Map<string, EmotionFinal>();
  const retracted = new Set<string>();
  for await (const event of source()) {
    if (event.type === 'emotion.retracted') for (const id of event.utteranceIds) retracted.add(id);
    if (event.type !== 'emotion.final') continue;
    if ((newest.get(event.utteranceId)?.revision ?? -1) <= event.revision) newest.set(event.utteranceId, event);
  }
  const finals = [...newest.values()]
    .filter(({ utteranceId }) => !retracted.has(utteranceId))
    .sort((a, b) => a.span.startMs - b.span.startMs);
  const summaries = participants.map(({ participantId, name }) => {
    const own = finals.filter((final) => final.participantId === participantId);
    return { participantId, name, ...sumUp(own), said: own.map((final) => saidOf(final, withWords)) };
  });
  const totals = new Map<string, number>();
  for (const { shares, readMs } of summaries) {
    for (const [label, p] of shares) totals.set(label, (totals.get(label) ?? 0) + p * readMs);
  }
  return {
    participants: summaries,
    labels: [...totals].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([label]) => label),
    models: [...new Set(finals.map(({ model }) => `${model.id} ${model.version}`))],
    labelSets: [...new Set(finals.map(({ labelSet }) => labelSet.id))],
  };
}

function sumUp(finals: readonly EmotionFinal[]) {
  const lengthOf = ({ span }: EmotionFinal) => Math.max(0, span.endMs - span.startMs);
  const total = (some: readonly EmotionFinal[]) => some.reduce((sum, final) => sum + lengthOf(final), 0);
  const clear = finals.filter(({ abstained }) => abstained === undefined);
  const [talkMs, readMs] = [total(finals), total(clear)];
  const shares = new Map<string, number>();
  for (const final of clear) {
    for (const { name, p } of final.labels) {
      shares.set(name, (shares.get(name) ?? 0) + (p * lengthOf(final)) / Math.max(1, readMs));
    }
  }
  const [text, audio, video] = MODALITIES.map((modality) => {
    const used = finals.filter(({ modalities }) => modalities[modality].used);
    return talkMs === 0 ? 0 : total(used) / talkMs;
  }) as [number, number, number];
  const confidence = clear.reduce((sum, final) => sum + final.confidence * lengthOf(final), 0) / Math.max(1, readMs);
  return { talkMs, readMs, shares, used: { text, audio, video }, ...(readMs > 0 && { confidence }) };
}

function saidOf(final: EmotionFinal, withWords: boolean): Said {
  const { span, labels, abstained, confidence, sentiment, modalities, transcript } = final;
  return {
    ...span,
    ...(abstained === undefined && { label: labels[0]!.name }),
    confidence,
    sentiment,
    used: { text: modalities.text.used, audio: modalities.audio.used, video: modalities.video.used },
    ...(withWords && transcript && { text: transcript.text }),
  };
}
