/**
 * One clock: how well utterances line up with sound, words and pictures, and how soon after speech their results come.
 * On the real way: RTP of recordings whose words are known, mediasoup, tap, analyzer, event.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { BenchOptions } from '../bench.ts';
import { measureBoundaries, type Boundaries } from './alignment/boundaries.ts';
import { measureLatency, type Latency } from './alignment/latency.ts';
import { readMaterial, SAMPLE } from './alignment/recordings.ts';
import { measureWords, type Words } from './alignment/words.ts';

export const summary = 'utterances against true speech, words, pictures; speech end to final (--only PART)';

const PARTS = ['boundaries', 'words', 'latency', 'av'] as const;
type Part = (typeof PARTS)[number];

export const usage = [
  'Usage: npm run bench -- alignment [--only PART[,PART]] [--material FOLDER|sample] [--json]',
  '',
  'Parts, all of them by default; about a minute each:',
  '  boundaries  start and end of utterances against the speech of recordings, at 0, 2 and 5 % loss with 30 ms jitter',
  '  words       words that come late and in any order, in the utterance that they were spoken in',
  '  latency     end of speech to final event at a Socket.IO client, 4 talkers with video',
  '  av          sound against pictures of one sender, and under drift (wants Chromium)',
  '',
  'The material is a folder of WAV files with aligned words beside them (JSON of pocketsphinx), by default',
  '../shared/media/librivox; where that is missing, or for `sample`, the sample call.',
].join('\n');

/** What is aimed at; every figure is to be no more, the share of words no less. */
const TARGETS = {
  boundaryMsP50: 120,
  boundaryMsP95: 250,
  avOffsetMs: 40,
  driftOffsetMs: 40,
  wordsRightPct: 100,
  speechEndToFinalMsP95: 800,
} as const;

interface AvOffset {
  avOffsetMs: number;
  driftOffsetMs: number;
  flashes: number;
}

interface Result extends Partial<Record<keyof typeof TARGETS, number>> {
  source: string;
  boundaries?: Boundaries['rows'];
  words?: Words['rows'];
  latency?: Latency['rows'];
  flashes?: number;
}

export async function run({ progress, args }: BenchOptions): Promise<Result> {
  const { parts, folder } = read(args);
  const material = await readMaterial(folder);
  const result: Result = { source: material.source };
  if (parts.includes('boundaries')) {
    const { rows, ...figures } = await measureBoundaries(material, progress);
    Object.assign(result, figures, { boundaries: rows });
  }
  if (parts.includes('words')) {
    const { rows, ...figures } = await measureWords(material, progress);
    Object.assign(result, figures, { words: rows });
  }
  if (parts.includes('latency')) {
    const { rows, ...figures } = await measureLatency(material, progress);
    Object.assign(result, figures, { latency: rows });
  }
  if (parts.includes('av')) Object.assign(result, await measureAv(progress));
  return result;
}

/** Figure against target, then the details of each part. */
export function print(result: Result): void {
  console.table(
    Object.entries(TARGETS).flatMap(([figure, target]) => {
      const value = result[figure as keyof typeof TARGETS];
      if (value === undefined) return [];
      const reached = figure === 'wordsRightPct' ? value >= target : value <= target;
      return [{ figure, value, target, reached }];
    }),
  );
  for (const rows of [result.boundaries, result.words]) if (rows) console.table(rows);
  if (result.latency) {
    console.table(result.latency.map((row) => ({ ...row, triggers: JSON.stringify(row.triggers) })));
  }
}

/** @throws TypeError for a part that there is not */
function read(args: readonly string[]): { parts: readonly Part[]; folder: string | undefined } {
  const options = { only: { type: 'string' }, material: { type: 'string' } } as const;
  const { only, material } = parseArgs({ args: [...args], options }).values;
  const wanted = only?.split(',') ?? PARTS;
  const unknown = wanted.find((part) => !PARTS.some((known) => known === part));
  if (unknown !== undefined) throw new TypeError(`--only: '${unknown}' is no part; there are ${PARTS.join(', ')}.`);
  if (material !== undefined && material !== SAMPLE && !existsSync(material)) {
    throw new TypeError(`--material: '${material}' is no folder; give one, or '${SAMPLE}' for the sample call.`);
  }
  return { parts: PARTS.filter((part) => wanted.includes(part)), folder: material };
}

async function measureAv(progress: BenchOptions['progress']): Promise<Partial<AvOffset>> {
  const module = new URL('./alignment/av-offset.ts', import.meta.url);
  if (!existsSync(module)) return {};
  progress('av: flashes and beeps');
  const { measureAvOffset } = (await import(module.href)) as {
    measureAvOffset(options: { progress: BenchOptions['progress'] }): Promise<AvOffset>;
  };
  return measureAvOffset({ progress });
}
