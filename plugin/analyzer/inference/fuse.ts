import { expectation, probabilities } from './calibrate.ts';
import { InferenceError } from './errors.ts';
import { labelThreshold, type Dimension, type LabelSetDefinition } from './label-set.ts';
import type { EmbeddedLabelSet, LabelSets } from './labels.ts';
import type { Manifest } from './manifest.ts';
import type { Feed, Sessions } from './sessions.ts';
import type { ShapePolicy } from './shapes.ts';

export const MODALITIES = ['text', 'audio', 'vision'] as const;
export type Modality = (typeof MODALITIES)[number];

/** Token rows of one modality of one utterance, `count` x `manifest.dim`. */
export interface TokenSequence {
  readonly count: number;
  readonly data: Float32Array;
}

/** One utterance; a modality that is missing is left out. */
export interface FusionRequest extends Partial<Readonly<Record<Modality, TokenSequence>>> {
  readonly labelSetId: string;
  /** Also score the sentiment set. */
  readonly wantSentiment: boolean;
  /** Also score the dimensional set, where the model has one. */
  readonly wantDimensions?: boolean;
}

export interface LabelScore {
  readonly name: string;
  /** Calibrated probability, 0..1. */
  readonly p: number;
}

export interface FusionScores {
  /** Likeliest first. */
  readonly labels: readonly LabelScore[];
  /** Expected value, of an ordinal label set. */
  readonly score?: number;
  /** Expected value of the sentiment set, where asked for. */
  readonly sentiment?: number;
  /** Scores of the dimensional set, 0..1 each, where asked for. */
  readonly dimensions?: Readonly<Partial<Record<Dimension, number>>>;
  /** Probability of the likeliest label. */
  readonly confidence: number;
  /** Why the result should not be acted upon; without any modality it is the model's prior. */
  readonly abstained?: 'low-confidence' | 'no-modality';
}

export interface FusionContext {
  readonly manifest: Manifest;
  readonly sessions: Sessions;
  readonly shapes: ShapePolicy;
  readonly labelSets: LabelSets;
}

interface Row {
  readonly request: FusionRequest;
  readonly set: EmbeddedLabelSet;
}

/**
 * Scores utterances in one masked batch, whatever their numbers of tokens, modalities and labels; one result each, in
 * order. An utterance that wants sentiment or dimensions as well takes a row for each, because labels of one row see
 * each other.
 */
export async function fuse(context: FusionContext, requests: readonly FusionRequest[]): Promise<FusionScores[]> {
  const { labelSets, manifest } = context;
  const rows: Row[] = requests.map((request) => ({ request, set: labelSets.get(request.labelSetId) }));
  /** The row in which the scores of a set stand for a request: its own, where that is the set it asks for. */
  const rowFor = (index: number, set: EmbeddedLabelSet): number =>
    rows[index]!.set === set ? index : rows.push({ request: requests[index]!, set }) - 1;
  const { sentimentLabelSet, dimensionsLabelSet } = manifest;
  const sentimentSet = labelSets.get(sentimentLabelSet);
  const dimensionSet = dimensionsLabelSet === undefined ? undefined : labelSets.get(dimensionsLabelSet);
  const places = requests.map(({ wantSentiment, wantDimensions }, i) => ({
    sentiment: wantSentiment ? rowFor(i, sentimentSet) : undefined,
    dimensions: wantDimensions && dimensionSet ? rowFor(i, dimensionSet) : undefined,
  }));
  const scored = (await runFusion(context, rows)).map((logits, i) => probabilities(rows[i]!.set.definition, logits));
  return places.map(({ sentiment, dimensions }, i) => ({
    ...result(rows[i]!, scored[i]!),
    ...(sentiment !== undefined && { sentiment: expectation(sentimentSet.definition, scored[sentiment]!) }),
    ...(dimensions !== undefined && { dimensions: byName(dimensionSet!.definition, scored[dimensions]!) }),
  }));
}

function result({ request, set: { definition } }: Row, p: readonly number[]): FusionScores {
  const confidence = Math.max(...p);
  if (!Number.isFinite(confidence)) {
    throw new InferenceError('run-failed', 'The fusion graph gave a score that is no number; export the model again.');
  }
  const abstained = MODALITIES.every((modality) => !request[modality]?.count)
    ? 'no-modality'
    : isUnsure(definition, p)
      ? 'low-confidence'
      : undefined;
  return {
    labels: definition.labels.map(({ name }, i) => ({ name, p: p[i]! })).sort((a, b) => b.p - a.p),
    ...(definition.kind === 'ordinal' && { score: expectation(definition, p) }),
    confidence,
    ...(abstained && { abstained }),
  };
}

/** Opening the model has seen to it that the labels are dimensions. */
function byName({ labels }: LabelSetDefinition, p: readonly number[]): Partial<Record<Dimension, number>> {
  return Object.fromEntries(labels.map(({ name }, i) => [name, p[i]!]));
}

/** Whether no label of a multi set counts, or the likeliest one of any other set is below the set's threshold. */
function isUnsure(set: LabelSetDefinition, p: readonly number[]): boolean {
  if (set.kind !== 'multi') return Math.max(...p) < set.threshold;
  return set.labels.every((label, i) => p[i]! < labelThreshold(set, label));
}

/** @returns logits of each row, as many as its set has labels */
async function runFusion({ manifest, sessions, shapes }: FusionContext, rows: readonly Row[]): Promise<Float32Array[]> {
  const batch = shapes.batch(rows.length);
  const { text, audio, vision } = manifest;
  const longest: Record<Modality, number> = {
    text: text.maxTokens,
    audio: audio.maxChunks * audio.tokensPerChunk,
    vision: vision.maxFaces * vision.tokensPerFace,
  };
  const feeds: Record<string, Feed> = {};
  for (const modality of MODALITIES) {
    const items = rows.map(({ request }) => request[modality]);
    const length = shapes.length(Math.max(...items.map((item) => item?.count ?? 0)), longest[modality]);
    const data = new Float32Array(batch * length * manifest.dim);
    const mask = new Int32Array(batch * length);
    items.forEach((item, i) => {
      if (!item) return;
      data.set(item.data, i * length * manifest.dim);
      mask.fill(1, i * length, i * length + item.count);
    });
    feeds[modality] = { type: 'float32', data, dims: [batch, length, manifest.dim] };
    feeds[`${modality}_mask`] = { type: 'int32', data: mask, dims: [batch, length] };
  }
  const width = Math.max(...rows.map(({ set }) => set.definition.labels.length));
  const labels = new Float32Array(batch * width * manifest.labelDim);
  const labelMask = new Int32Array(batch * width);
  for (let i = 0; i < batch; i++) {
    // Rows that only fill the batch take the first row's labels: a row without any would divide by nothing.
    const { set } = rows[i] ?? rows[0]!;
    labels.set(set.embeddings, i * width * manifest.labelDim);
    labelMask.fill(1, i * width, i * width + set.definition.labels.length);
  }
  const { logits } = await sessions.run('fusion', {
    ...feeds,
    labels: { type: 'float32', data: labels, dims: [batch, width, manifest.labelDim] },
    label_mask: { type: 'int32', data: labelMask, dims: [batch, width] },
  });
  const values = logits!.data as Float32Array;
  return rows.map(({ set }, i) => values.slice(i * width, i * width + set.definition.labels.length));
}
