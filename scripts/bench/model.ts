/**
 * What the model costs on this machine, one thread: a face crop, a second of sound, twenty words, and the fusion of a
 * full utterance over eight labels, in batches of 1, 4 and 8. Timed in this process, without queue and message.
 */
import { fileURLToPath } from 'node:url';
import { InferenceEngine, PROVIDERS, type Provider } from '../../plugin/analyzer/inference/index.ts';
import { completeLabelSet } from '../../plugin/analyzer/inference/label-spec.ts';
import type { BenchOptions } from '../bench.ts';

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
  const { audio, vision, prompt, custom } = engine.manifest;
  const labelSet = completeLabelSet({ labels: LABELS }, { prompt, ...custom });
  await engine.defineLabels(labelSet);
  const crop = Uint8Array.from({ length: vision.size ** 2 * 3 }, (_, i) => (i * 7) % 256);
  const second = Float32Array.from({ length: audio.sampleRate }, (_, i) => 0.3 * Math.sin(i / 12));
  const chunk = second.subarray(0, audio.chunkSamples);
  const utterance = {
    text: (await engine.encodeTexts([WORDS]))[0]!,
    audio: joined(await engine.encodeAudio(repeated(UTTERANCE_MS / 1000, chunk))),
    vision: joined(await engine.encodeFaces(repeated(FACES, crop))),
    labelSetId: labelSet.id,
    wantSentiment: false,
  };
  return [
    ['face crop', (batch) => engine.encodeFaces(repeated(batch, crop))],
    ['1 s of sound', (batch) => engine.encodeAudio(repeated(batch, chunk))],
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
  times.sort((a, b) => a - b);
  const quantile = (q: number) => times[Math.min(RUNS - 1, Math.floor(q * RUNS))]!;
  const round = (ms: number) => Math.round(ms * 100) / 100;
  return { medianMs: round(quantile(0.5)), p95Ms: round(quantile(0.95)), perItemMs: round(quantile(0.5) / batch) };
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
