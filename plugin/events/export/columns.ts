import type { EmotionFinal } from '../contract/v1/types.ts';
import type { Overview } from './source.ts';

export type Cell = string | number | boolean | undefined;

export interface ResultColumn {
  name: string;
  type: 'text' | 'number' | 'whole' | 'boolean';
  /** Some results have no such value. */
  optional: boolean;
  cell: (final: EmotionFinal) => Cell;
}

function column(
  name: string,
  type: ResultColumn['type'],
  cell: (final: EmotionFinal) => Cell,
  optional = false,
): ResultColumn {
  return { name, type, optional, cell };
}

/** What every table of results has, in this order; the labels follow. */
export const RESULT_COLUMNS: readonly ResultColumn[] = [
  column('roomId', 'text', (final) => final.roomId),
  column('participantId', 'text', (final) => final.participantId),
  column('utteranceId', 'text', (final) => final.utteranceId),
  column('seq', 'whole', (final) => final.seq),
  column('revision', 'whole', (final) => final.revision),
  column('startMs', 'number', (final) => final.span.startMs),
  column('endMs', 'number', (final) => final.span.endMs),
  column('label', 'text', (final) => final.labels[0]?.name, true),
  column('confidence', 'number', (final) => final.confidence),
  column('abstained', 'text', (final) => final.abstained, true),
  column('sentiment', 'number', (final) => final.sentiment),
  column('valence', 'number', (final) => final.dimensions?.valence, true),
  column('arousal', 'number', (final) => final.dimensions?.arousal, true),
  column('dominance', 'number', (final) => final.dimensions?.dominance, true),
  column('textUsed', 'boolean', (final) => final.modalities.text.used),
  column('audioUsed', 'boolean', (final) => final.modalities.audio.used),
  column('videoUsed', 'boolean', (final) => final.modalities.video.used),
  column('words', 'whole', (final) => final.modalities.text.words),
  column('speechMs', 'number', (final) => final.modalities.audio.speechMs),
  column('frames', 'whole', (final) => final.modalities.video.frames),
  column('labelSet', 'text', (final) => final.labelSet.id),
  column('labelSetHash', 'text', (final) => final.labelSet.hash),
  column('model', 'text', (final) => `${final.model.id}@${final.model.version}`),
  column('transcript', 'text', (final) => final.transcript?.text, true),
];

/** All labels that were asked, each of which is a column `p:LABEL`. */
export function labelsOf({ labelSets }: Overview): string[] {
  return [...new Set([...labelSets.values()].flatMap(({ names }) => names))];
}
