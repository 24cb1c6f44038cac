import type { Tensor } from 'onnxruntime-node';
import type { Manifest } from './manifest.ts';
import type { Sessions } from './sessions.ts';
import type { ShapePolicy } from './shapes.ts';
import type { AudioTokens, FaceTokens, TextTokens } from './tokens.ts';
import type { Encoding, WordPieceTokenizer } from './tokenizer.ts';

/** What encoding needs of the open model. */
export interface EncoderContext {
  readonly manifest: Manifest;
  readonly sessions: Sessions;
  readonly tokenizer: WordPieceTokenizer;
  /** Of the label encoder, which may take fewer tokens. */
  readonly labelTokenizer: WordPieceTokenizer;
  readonly shapes: ShapePolicy;
}

/** Words of one or more utterances to tokens, one result a text, in order. */
export async function encodeTexts(context: EncoderContext, texts: readonly string[]): Promise<TextTokens[]> {
  const encodings = texts.map((text) => context.tokenizer.encode(text));
  const { tokens, length } = await runWords(context, 'text', encodings, context.manifest.text.maxTokens);
  return encodings.map(({ ids, truncated }, i) => ({
    modality: 'text',
    count: ids.length,
    data: rows(tokens, i, length, ids.length, context.manifest.dim),
    truncated,
  }));
}

/** Embeds prompts of labels: one L2-normalised row of `manifest.labelDim` floats each. */
export async function embedPrompts(context: EncoderContext, prompts: readonly string[]): Promise<Float32Array> {
  const { labelDim: width, label, text } = context.manifest;
  const [graph, { maxTokens }] = label ? (['label', label] as const) : (['text', text] as const);
  const embedded = new Float32Array(prompts.length * width);
  // One at a time, as the shipped sets were: a graph with quantised arithmetic scales over the whole batch, and what a
  // label means must not depend on its neighbours.
  for (const [row, prompt] of prompts.entries()) {
    const { pooled } = await runWords(context, graph, [context.labelTokenizer.encode(prompt)], maxTokens);
    embedded.set(floats(pooled).subarray(0, width), row * width);
  }
  return embedded;
}

/** Chunks of speech (float32, -1..1, 16 kHz, at most `chunkSamples` long) to tokens, one result a chunk, in order. */
export async function encodeAudioChunks(
  { manifest, sessions, shapes }: EncoderContext,
  chunks: readonly Float32Array[],
): Promise<AudioTokens[]> {
  const { chunkSamples, tokensPerChunk } = manifest.audio;
  const batch = shapes.batch(chunks.length);
  const pcm = new Float32Array(batch * chunkSamples);
  const samples = new Int32Array(batch);
  chunks.forEach((chunk, i) => {
    pcm.set(chunk, i * chunkSamples);
    samples[i] = chunk.length;
  });
  const { tokens, token_mask } = await sessions.run('audio', {
    pcm: { type: 'float32', data: pcm, dims: [batch, chunkSamples] },
    samples: { type: 'int32', data: samples, dims: [batch] },
  });
  const mask = token_mask!.data as Int32Array;
  return chunks.map((chunk, i) => {
    const valid = mask.subarray(i * tokensPerChunk, (i + 1) * tokensPerChunk);
    // Padding is at the chunk's end, so the tokens that count are the first ones.
    const count = valid.reduce((sum, keep) => sum + (keep === 0 ? 0 : 1), 0);
    return {
      modality: 'audio',
      count,
      data: rows(tokens, i, tokensPerChunk, count, manifest.dim),
      samples: chunk.length,
    };
  });
}

/** Square face crops (RGB, `size` x `size` x 3 bytes) to tokens, one result a crop, in order. */
export async function encodeFaces(
  { manifest, sessions, shapes }: EncoderContext,
  crops: readonly Uint8Array[],
): Promise<FaceTokens[]> {
  const { size, tokensPerFace } = manifest.vision;
  const batch = shapes.batch(crops.length);
  const faces = new Uint8Array(batch * size * size * 3);
  crops.forEach((crop, i) => faces.set(crop, i * size * size * 3));
  const { tokens } = await sessions.run('vision', {
    faces: { type: 'uint8', data: faces, dims: [batch, size, size, 3] },
  });
  return crops.map((_, i) => ({
    modality: 'vision',
    count: tokensPerFace,
    data: rows(tokens, i, tokensPerFace, tokensPerFace, manifest.dim),
  }));
}

async function runWords(
  { sessions, shapes }: EncoderContext,
  graph: 'text' | 'label',
  encodings: readonly Encoding[],
  maxTokens: number,
): Promise<{ tokens: Tensor | undefined; pooled: Tensor | undefined; length: number }> {
  const batch = shapes.batch(encodings.length);
  const length = shapes.length(Math.max(...encodings.map((e) => e.ids.length)), maxTokens);
  const ids = new Int32Array(batch * length);
  const mask = new Int32Array(batch * length);
  for (let i = 0; i < batch; i++) {
    // Rows that only fill the batch repeat the first, because a mean over an empty mask is no number.
    const encoding = encodings[i] ?? encodings[0]!;
    ids.set(encoding.ids, i * length);
    mask.fill(1, i * length, i * length + encoding.ids.length);
  }
  const dims = [batch, length];
  const { tokens, pooled } = await sessions.run(graph, {
    input_ids: { type: 'int32', data: ids, dims },
    attention_mask: { type: 'int32', data: mask, dims },
  });
  return { tokens, pooled, length };
}

/** Copies the first `count` rows of item `item`: results leave this thread, and the batch stays. */
function rows(
  tensor: Tensor | undefined,
  item: number,
  perItem: number,
  count: number,
  width: number,
): Float32Array<ArrayBuffer> {
  const start = item * perItem * width;
  return new Float32Array(floats(tensor).subarray(start, start + count * width));
}

function floats(tensor: Tensor | undefined): Float32Array {
  return tensor!.data as Float32Array;
}
