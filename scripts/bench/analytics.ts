/** What analytics of a very long meeting cost, beside keeping its events. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EVERYBODY, MeetingAnalyzer } from '../../plugin/analytics/index.ts';
import type { UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import type { BenchOptions } from '../bench.ts';
import { meetingEvents, type MeetingShape } from './analytics/meeting.ts';
import { round } from './shared/statistics.ts';

export const summary = 'time and memory of a report on 8 hours with 20 people, beside keeping the events';

const SHAPES: Record<string, MeetingShape> = {
  'one at a time': { people: 20, hours: 8, atOnce: 1, seed: 1 },
  'ten at a time': { people: 20, hours: 8, atOnce: 10, seed: 2 },
};
/** Events that are made at a time, so that making them is not measured. */
const CHUNK = 5_000;

interface Row {
  meeting: string;
  how: 'analytics' | 'events kept';
  events: number;
  utterances: number;
  takeInMs: number;
  /** On the processor, all threads: other processes do not slow it. */
  takeInCpuMs: number;
  reportMs: number | null;
  reportCpuMs: number | null;
  heapMb: number;
}

export async function run({ progress }: BenchOptions): Promise<Row[]> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const heapMb = () => {
    gc();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  // Once for the compiler.
  analyse({ people: 20, hours: 0.5, atOnce: 1, seed: 3 });
  const rows: Row[] = [];
  for (const [meeting, shape] of Object.entries(SHAPES)) {
    progress(`${meeting}: ${shape.hours} h, ${shape.people} people`);
    const emptyMb = heapMb();
    const { analyzer, ...counts } = analyse(shape);
    const usedMb = heapMb() - emptyMb;
    const report = timed(() => analyzer.report({ view: EVERYBODY, over: true }));
    const reportTimes = { reportMs: round(report.ms), reportCpuMs: round(report.cpuMs) };
    rows.push({ meeting, how: 'analytics', ...counts, ...reportTimes, heapMb: round(usedMb) });
    rows.push({ meeting, how: 'events kept', ...kept(shape, heapMb), reportMs: null, reportCpuMs: null });
  }
  return rows;
}

function timed(work: () => void): { ms: number; cpuMs: number } {
  const cpu = process.cpuUsage();
  const before = performance.now();
  work();
  const ms = performance.now() - before;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1_000 };
}

function analyse(shape: MeetingShape) {
  const analyzer = new MeetingAnalyzer();
  const counts = inChunks(shape, (event) => analyzer.add(event));
  return { analyzer, ...counts };
}

function kept(shape: MeetingShape, heapMb: () => number) {
  const emptyMb = heapMb();
  const events: UndertoneEvent[] = [];
  const counts = inChunks(shape, (event) => events.push(event));
  return { ...counts, events: events.length, heapMb: round(heapMb() - emptyMb) };
}

function inChunks(shape: MeetingShape, take: (event: UndertoneEvent) => void) {
  let chunk: UndertoneEvent[] = [];
  let events = 0;
  let utterances = 0;
  let takeInMs = 0;
  let takeInCpuMs = 0;
  const empty = () => {
    const { ms, cpuMs } = timed(() => chunk.forEach(take));
    takeInMs += ms;
    takeInCpuMs += cpuMs;
    events += chunk.length;
    chunk = [];
  };
  for (const event of meetingEvents(shape)) {
    if (event.type === 'utterance.start') utterances += 1;
    if (chunk.push(event) === CHUNK) empty();
  }
  empty();
  return { events, utterances, takeInMs: round(takeInMs), takeInCpuMs: round(takeInCpuMs) };
}
