import { expectation, probabilities } from './calibrate.ts';
import { InferenceError } from './errors.ts';
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
 * order. An utterance that wants sentiment as well takes a second row, because labels of one row see each other.
 */
export async function fuse(context: FusionContext, requests: readonly FusionRequest[]): Promise<FusionScores[]> {
  const sentimentSet = context.labelSets.get(context.manifest.sentimentLabelSet);
  const rows: Row[] = requests.map((request) => ({ request, set: context.labelSets.get(request.labelSetId) }));
  const sentimentRow = new Map<FusionRequest, number>();
  for (const [i, request] of requests.entries()) {
    if (!request.wantSentiment) continue;
    const own = rows[i]!.set === sentimentSet;
    sentimentRow.set(request, own ? i : rows.push({ request, set: sentimentSet }) - 1);
  }
  const scored = (await runFusion(context, rows)).map((logits, i) => probabilities(rows[i]!.set.definition, logits));
  return requests.map((request, i) => {
    const row = sentimentRow.get(request);
    const sentiment = row === undefined ? undefined : expectation(sentimentSet.definition, scored[row]!);
    return result(request, rows[i]!.set, scored[i]!, sentiment);
  });
}

function result(
  request: FusionRequest,
  { definition }: EmbeddedLabelSet,
  p: readonly number[],
  sentiment: number | undefined,
): FusionScores {
  const confidence = Math.max(...p);
  if (!Number.isFinite(confidence)) {
    throw new InferenceError('run-failed', 'The fusion graph gave a score that is no number; export the model again.');
  }
  const abstained = MODALITIES.every((modality) => !request[modality]?.count)
    ? 'no-modality'
    : confidence < definition.threshold
      ? 'low-confidence'
      : undefined;
  return {
    labels: definition.labels.map(({ name }, i) => ({ name, p: p[i]! })).sort((a, b) => b.p - a.p),
    ...(definition.kind === 'ordinal' && { score: expectation(definition, p) }),
    ...(sentiment !== undefined && { sentiment }),
    confidence,
    ...(abstained && { abstained }),
  };
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
