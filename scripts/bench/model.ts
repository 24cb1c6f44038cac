/**
 * What the model costs on this machine, one thread: a face crop, a second of sound, twenty words, and the fusion of a
 * full utterance over eight labels, in batches of 1, 4 and 8. Timed in this process, without queue and message.
 */
import { fileURLToPath } from 'node:url';
import { InferenceEngine, PROVIDERS, type Provider } from '../../plugin/analyzer/inference/index.ts';
import { resolveLabelSet } from '../../plugin/analyzer/inference/resolve-labels.ts';
import type { BenchOptions } from '../bench.ts';
import { quantile, round } from './shared/statistics.ts';

export const summary = 'ms for a face, a second of sound, 20 words and a fusion, in batches of 1, 4 and 8';

const BATCHES = [1, 4, 8];
/** Long enough for a p95, short enough to wait for. */
const RUNS = 40;
const UTTERANCE_MS = 4000;
const FACES = 8;
const WORDS = 'I was thinking about what you said last week and honestly I am not sure that it would really work';
const LABELS = ['engaged', 'confused', 'amused', 'frustrated', 'bored', 'surprised', 'calm', 'neutral'];

interface Row {
  work: string;
  batch: number;
  /** Of a whole batch. */
  medianMs: number;
  p95Ms: number;
  perItemMs: number;
}

/** @param args a model folder, a provider's name, or both */
export async function run(options: BenchOptions): Promise<Row[]> {
  const { args } = options;
  const providers: readonly string[] = PROVIDERS;
  const provider = (args.find((arg) => providers.includes(arg)) ?? 'cpu') as Provider;
  const modelDir =
    args.find((arg) => !providers.includes(arg)) ??
    fileURLToPath(new URL('../../models/weights/open', import.meta.url));
  const engine = await InferenceEngine.open({ modelDir, provider, threads: 1 });
  try {
    const rows: Row[] = [];
    for (const [work, once] of await workloads(engine)) {
      options.progress(`${work}: ${BATCHES.length} x ${RUNS} runs on ${provider}`);
      for (const batch of BATCHES) rows.push({ work, batch, ...(await measure(batch, () => once(batch))) });
    }
    return rows;
  } finally {
    await engine.close();
  }
}

async function workloads(engine: InferenceEngine): Promise<[string, (batch: number) => Promise<unknown>][]> {
  const { audio, vision } = engine.manifest;
  const labelSet = resolveLabelSet({ labels: LABELS }, engine.manifest);
  await engine.defineLabels(labelSet);
  const crop = Uint8Array.from({ length: vision.size ** 2 * 3 }, (_, i) => (i * 7) % 256);
  const sound = (samples: number) => Float32Array.from({ length: samples }, (_, i) => 0.3 * Math.sin(i / 12));
  // A graph takes whole chunks: a second costs what the chunk does that it is padded to.
  const second = sound(Math.min(audio.sampleRate, audio.chunkSamples));
  const chunks = Math.ceil((UTTERANCE_MS * audio.sampleRate) / 1000 / audio.chunkSamples);
  const utterance = {
    text: (await engine.encodeTexts([WORDS]))[0]!,
    audio: joined(await engine.encodeAudio(repeated(chunks, sound(audio.chunkSamples)))),
    vision: joined(await engine.encodeFaces(repeated(FACES, crop))),
    labelSetId: labelSet.id,
    wantSentiment: false,
  };
  return [
    ['face crop', (batch) => engine.encodeFaces(repeated(batch, crop))],
    ['1 s of sound', (batch) => engine.encodeAudio(repeated(batch, second))],
    ['20 words', (batch) => engine.encodeTexts(repeated(batch, WORDS))],
    [
      `fusion, 8 labels, ${UTTERANCE_MS / 1000} s of sound, ${FACES} faces`,
      (batch) => engine.fuse(repeated(batch, utterance)),
    ],
  ];
}

async function measure(batch: number, once: () => Promise<unknown>): Promise<Omit<Row, 'work' | 'batch'>> {
  for (let i = 0; i < 3; i++) await once();
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const startMs = performance.now();
    await once();
    times.push(performance.now() - startMs);
  }
  const medianMs = quantile(times, 0.5);
  return {
    medianMs: round(medianMs, 2),
    p95Ms: round(quantile(times, 0.95), 2),
    perItemMs: round(medianMs / batch, 2),
  };
}

function repeated<T>(count: number, item: T): T[] {
  return Array.from({ length: count }, () => item);
}

function joined(parts: readonly { count: number; data: Float32Array }[]): { count: number; data: Float32Array } {
  return {
    count: parts.reduce((sum, part) => sum + part.count, 0),
    data: Float32Array.from(parts.flatMap((part) => [...part.data])),
  };
}
