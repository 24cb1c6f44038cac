import { createHash } from 'node:crypto';

/**
 * How the scores of a set are read: `single` and `ordinal` by softmax (one label holds), `multi` and `dimensional` by
 * sigmoid (each label on its own). An `ordinal` set also has an expected value.
 */
export const LABEL_SET_KINDS = ['single', 'multi', 'ordinal', 'dimensional'] as const;
export type LabelSetKind = (typeof LABEL_SET_KINDS)[number];

/** What the dimensional set of a model is made of; each is 0..1, as in EmotionML. */
export const DIMENSIONS = ['valence', 'arousal', 'dominance'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Whether one label holds at a time, so that the probabilities sum to 1. */
export function isExclusive(kind: LabelSetKind): boolean {
  return kind === 'single' || kind === 'ordinal';
}

export interface LabelDefinition {
  readonly name: string;
  /** The sentence that the label encoder embeds. */
  readonly prompt: string;
  /** Place on the scale of an ordinal set. */
  readonly value?: number;
  /** Of a `multi` set: the probability from which this label counts, where it is not the set's. */
  readonly threshold?: number;
}

/** A label set as inference holds it, without its embeddings. */
export interface LabelSetDefinition {
  readonly id: string;
  readonly kind: LabelSetKind;
  readonly labels: readonly LabelDefinition[];
  /** First 16 hex digits of the SHA-256 of the prompts as JSON: names what was embedded. */
  readonly hash: string;
  readonly temperature: number;
  /** Below this confidence a result says that it abstains; in a `multi` set, where it holds for each label. */
  readonly threshold: number;
}

/** The probability from which a label of a `multi` set counts. */
export function labelThreshold(set: LabelSetDefinition, label: LabelDefinition): number {
  return label.threshold ?? set.threshold;
}

/** What callers see of a label set. */
export interface LabelSetInfo {
  readonly id: string;
  readonly hash: string;
  readonly kind: LabelSetKind;
  readonly labels: readonly { readonly name: string; readonly value?: number }[];
}

export function labelSetInfo({ id, hash, kind, labels }: LabelSetDefinition): LabelSetInfo {
  return {
    id,
    hash,
    kind,
    labels: labels.map(({ name, value }) => (value === undefined ? { name } : { name, value })),
  };
}

export function hashPrompts(prompts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(prompts)).digest('hex').slice(0, 16);
}
