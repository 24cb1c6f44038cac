/**
 * What a live call costs and how late its events are, on the real way: RTP into mediasoup, tap, analyzer, event. The
 * participants play a speaker of the sample call in a loop, with video and words.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createWorker, type types as mediasoup } from 'mediasoup';
import {
  createUndertone,
  type EmotionFinal,
  type EmotionObserver,
  type TranscriptSegment,
} from '../../plugin/index.ts';
import { createSampleCall, type SampleCall } from '../../server/sample/index.ts';
import { sampleRelease } from '../../server/sample/sampleRelease.ts';
import { mediaCodecs } from '../../server/sfu/mediaCodecs.ts';
import type { BenchOptions } from '../bench.ts';
import { quantile, round } from './shared/statistics.ts';

export const summary = 'latency and cost of 1, 4 and 8 talking participants with video';

const WARM_UP_MS = 5_000;
/** A whole loop of the sample call, so that every sentence counts once. */
const MEASURED_MS = 30_000;
/** So that participants talk across each other instead of in step. */
const STAGGER_MS = 1_100;
const LOOP_RESOLUTION_MS = 5;
/** How far the detected end of speech may lie from the true one to be taken for the same. */
const SAME_END_MS = 500;
const SECONDS_EACH = (WARM_UP_MS + MEASURED_MS) / 1000;

interface Row {
  participants: number;
  /** Whether captions came, which close an utterance before the whole silence has passed. */
  captions: boolean;
  finals: number;
  speechEndToEventMsP50: number;
  speechEndToEventMsP95: number;
  analyzerCpuPercentPerParticipant: number;
  hostCpuPercentPerParticipant: number;
  sfuCpuPercentPerParticipant: number;
  analyzerRssMb: number;
  hostRssMb: number;
  hostLoopDelayMsP99: number;
  overloadLevel: number;
}

export async function run({ progress, args }: BenchOptions): Promise<Row[]> {
  const counts = args.filter((arg) => /^\d+$/.test(arg)).map(Number);
  const rows: Row[] = [];
  for (const participants of counts.length > 0 ? counts : [1, 4, 8]) {
    for (const captions of [true, false]) {
      progress(`${participants} participants, ${captions ? 'with' : 'without'} captions: ${SECONDS_EACH} s`);
      rows.push(await measure(participants, captions));
    }
  }
  return rows;
}

async function measure(participants: number, captions: boolean): Promise<Row> {
  const worker = await createWorker();
  const router = await worker.createRouter({ mediaCodecs });
  const undertone = await createUndertone();
  const observer = await undertone.attachRouter(router, {
    roomId: 'bench',
    resolveParticipant: (producer) => producer.appData['participantId'] as string,
  });
  const spoken: TranscriptSegment[] = [];
  const calls = await play(router, observer, participants, captions, spoken);
  const finals: EmotionFinal[] = [];
  await delay(WARM_UP_MS);
  observer.on('emotion.final', (event) => finals.push(event));
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loop.enable();
  const before = { analyzer: cpuMs(undertone.stats().pid!), sfu: cpuMs(worker.pid), host: process.cpuUsage() };
  const startedMs = performance.now();
  await delay(MEASURED_MS);
  const elapsedMs = performance.now() - startedMs;
  const stats = undertone.stats();
  const host = process.cpuUsage(before.host);
  const percent = (ms: number) => round((ms / elapsedMs / participants) * 100);
  const latencies = finals.flatMap((final) => latencyOf(final, spoken));
  const row: Row = {
    participants,
    captions,
    finals: finals.length,
    speechEndToEventMsP50: round(quantile(latencies, 0.5)),
    speechEndToEventMsP95: round(quantile(latencies, 0.95)),
    analyzerCpuPercentPerParticipant: percent(cpuMs(stats.pid!) - before.analyzer),
    hostCpuPercentPerParticipant: percent((host.user + host.system) / 1000),
    sfuCpuPercentPerParticipant: percent(cpuMs(worker.pid) - before.sfu),
    analyzerRssMb: round(stats.rssBytes / 2 ** 20),
    hostRssMb: round(process.memoryUsage.rss() / 2 ** 20),
    // Node counts the interval at which it looks as well.
    hostLoopDelayMsP99: round(Math.max(0, loop.percentile(99) / 1e6 - LOOP_RESOLUTION_MS)),
    overloadLevel: stats.overloadLevel,
  };
  loop.disable();
  for (const call of calls) await call.stop();
  await undertone.close();
  worker.close();
  return row;
}

/** Each participant is a sample call of one speaker, begun a little after the one before; all consent. */
async function play(
  router: mediasoup.Router,
  observer: EmotionObserver,
  wanted: number,
  captions: boolean,
  spoken: TranscriptSegment[],
) {
  const calls: SampleCall[] = [];
  for (let i = 0; i < wanted; i += 1) {
    const call = await createSampleCall({ router, loop: true, idPrefix: `${i}-`, maxSpeakers: 1 });
    for (const { participantId } of call.speakers) {
      observer.consent.set(
        participantId,
        { audio: true, video: true, text: captions },
        { by: 'host', release: sampleRelease() },
      );
    }
    call.on('transcript', (segment) => {
      spoken.push(segment);
      observer.pushTranscript(segment);
    });
    calls.push(call);
    await call.start();
    await delay(STAGGER_MS);
  }
  return calls;
}

/**
 * From the true end of the speech, which the sample call's captions tell, to the event: the silence that has to be waited
 * out and all that follows.
 */
function latencyOf({ participantId, span, atMs }: EmotionFinal, spoken: readonly TranscriptSegment[]): number[] {
  const ends = spoken.filter((segment) => segment.participantId === participantId).map(({ endMs }) => endMs!);
  const nearest = ends.sort((a, b) => Math.abs(a - span.endMs) - Math.abs(b - span.endMs))[0];
  // An utterance that ends between two sentences' ends would tell nothing of latency.
  return nearest !== undefined && Math.abs(nearest - span.endMs) < SAME_END_MS ? [atMs - nearest] : [];
}

/** CPU time that a process has used, with all its threads (proc(5), in ticks of 10 ms). */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
