/** How fast recordings are analysed, and in how much memory: the command line on a meeting of four, as a user runs it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from '../bench.ts';
import { writeMeeting } from './analyze/hour.ts';
import { treeUse } from './analyze/process-tree.ts';

export const summary = 'an hour-long recording with 4 speakers: times real time, memory';
export const usage = `Usage: npm run bench -- analyze [--minutes N] [--without PART]... [--json]

Four speakers of the sample call, over and over. PART is video or apart (the files one after the other). Linux only.`;

const MAIN = fileURLToPath(new URL('../../server/cli/main.ts', import.meta.url));
const SAMPLE_MS = 250;

interface Row {
  what: string;
  minutes: number;
  wallSeconds: number;
  timesRealTime: number;
  cpuSeconds: number;
  peakRssMb: number;
  finals: number;
  /** Of the machine, a minute, when the run ended: more than its own share was used by others. */
  load: number;
}

export async function run({ progress, args }: BenchOptions): Promise<Row[]> {
  const at = args.indexOf('--minutes');
  const minutes = at < 0 ? 60 : Number(args[at + 1]);
  if (!(minutes > 0 && minutes <= 600)) throw new Error('--minutes: a number from 1 to 600 is needed');
  const without = new Set(args.filter((_, index) => args[index - 1] === '--without'));
  const folder = await mkdtemp(join(tmpdir(), 'undertone-bench-analyze-'));
  const rows: Row[] = [];
  try {
    const vtt = join(folder, 'meeting.vtt');
    const sound = join(folder, 'sound');
    progress(`writing ${minutes} minutes of four speakers`);
    await writeMeeting(sound, vtt, minutes * 60_000, false);
    const row = async (what: string, runs: string[][]) => {
      progress(`${what}: ${minutes} minutes`);
      rows.push(await measure(what, minutes, runs, folder));
    };
    await row('sound and words, together', [[sound, '--transcript', vtt]]);
    if (!without.has('apart')) {
      const files = (await readdir(sound)).sort();
      const one = (file: string) => [join(sound, file), '--transcript', vtt, '--speaker', file.replace('.wav', '')];
      await row('sound and words, one file after the other', files.map(one));
    }
    if (!without.has('video')) {
      const video = join(folder, 'video');
      progress('writing their video');
      await writeMeeting(video, vtt, minutes * 60_000, true);
      await row('sound, words and video, together', [[video, '--transcript', vtt]]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return rows;
}

async function measure(what: string, minutes: number, runs: string[][], folder: string): Promise<Row> {
  const begun = performance.now();
  const peak = { rssMb: 0, cpuSeconds: 0 };
  let finals = 0;
  for (const [index, args] of runs.entries()) {
    const out = join(folder, `out-${index}`);
    const options = ['--out', out, '--format', 'jsonl', '--quiet'];
    const child = spawn(process.execPath, [MAIN, 'analyze', ...args, ...options], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    let cpuSeconds = 0;
    const timer = setInterval(() => {
      const use = treeUse(child.pid!);
      peak.rssMb = Math.max(peak.rssMb, use.rssMb);
      cpuSeconds = Math.max(cpuSeconds, use.cpuSeconds);
    }, SAMPLE_MS);
    const [code] = (await once(child, 'exit')) as [number];
    clearInterval(timer);
    peak.cpuSeconds += cpuSeconds;
    if (code !== 0) throw new Error(`the analysis ended with ${code}`);
    const events = (await readFile(join(out, 'events.jsonl'), 'utf8')).split('\n');
    finals += events.filter((line) => line.includes('"type":"emotion.final"')).length;
    await rm(out, { recursive: true });
  }
  const wallSeconds = (performance.now() - begun) / 1000;
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    what,
    minutes,
    wallSeconds: round(wallSeconds),
    timesRealTime: round((minutes * 60) / wallSeconds),
    cpuSeconds: round(peak.cpuSeconds),
    peakRssMb: Math.round(peak.rssMb),
    finals,
    load: round(loadavg()[0]!),
  };
}
