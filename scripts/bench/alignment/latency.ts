/** From the true end of speech to its final event at a Socket.IO client, with talking faces on a whole server. */
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { types as mediasoup } from 'mediasoup';
import { io } from 'socket.io-client';
import type { EmotionFinal, TranscriptSegment } from '../../../plugin/index.ts';
import { createServer } from '../../../server/index.ts';
import { readRecording } from '../../../server/sample/index.ts';
import { sampleRelease } from '../../../server/sample/sampleRelease.ts';
import type { SamplePlayer } from '../../../server/sfu/SampleCalls.ts';
import type { Material } from './recordings.ts';
import { writeScript, type Line, type Script } from './script.ts';
import { quantile, round } from '../shared/statistics.ts';
import { Talker } from './talker.ts';

export interface LatencyRow {
  /** Whether the words were there when the speech ended. Without them the whole silence has to pass. */
  captions: boolean;
  spoken: number;
  finals: number;
  p50: number;
  p95: number;
  max: number;
  /** How many were closed by what. */
  triggers: Record<string, number>;
  /** What the server did beside the silence that it waited out, without captions. */
  afterSilenceP95?: number;
}

export interface Latency {
  speechEndToFinalMsP95: number;
  rows: LatencyRow[];
}

const TALKERS = 4;
const SILENCE_MS = 600;
const PAUSE_MS = [1000, 2000] as const;
const LAST_RESULTS_MS = 3000;
/** A final whose end is further from the end of a phrase is of something else. */
const SAME_END_MS = 500;

interface Received {
  event: EmotionFinal;
  atMs: number;
}

export async function measureLatency(material: Material, progress: (text: string) => void): Promise<Latency> {
  const scripts = Array.from({ length: TALKERS }, (_, i) =>
    writeScript(material, { seed: 700 + i, pauseMs: PAUSE_MS, leadMs: 3000 + 700 * i }),
  );
  const rows: LatencyRow[] = [];
  for (const captions of [true, false]) {
    const seconds = Math.round(Math.max(...scripts.map(({ durationMs }) => durationMs)) / 1000);
    progress(`latency: ${TALKERS} talkers with video, ${captions ? 'with' : 'without'} captions: ${seconds} s`);
    rows.push(await measure(scripts, captions));
  }
  return { speechEndToFinalMsP95: Math.max(...rows.map(({ p95 }) => p95)), rows };
}

async function measure(scripts: readonly Script[], captions: boolean): Promise<LatencyRow> {
  let player: ScriptPlayer | undefined;
  const server = await createServer(
    { port: 0, host: '127.0.0.1', logLevel: 'silent', workers: 1 },
    { createSamplePlayer: async ({ router }) => (player = await ScriptPlayer.open(router, scripts)) },
  );
  try {
    const url = await server.listen();
    const response = await fetch(`${url}/v1/sample`, { method: 'POST' });
    const { roomId, token } = (await response.json()) as { roomId: string; token: string };
    const { observer } = server.rooms.get(roomId)!;
    const consent = { audio: true, video: true, text: captions };
    for (const { participantId } of player!.speakers)
      observer.consent.set(participantId, consent, {
        by: 'host',
        release: sampleRelease(),
        noticeVersion: observer.consent.notice,
      });
    // The room is open for those who watch.
    const call = io(`${url}/call`, { auth: { token }, transports: ['websocket'] });
    const client = io(`${url}/emotion`, { auth: { token }, transports: ['websocket'] });
    const received: Received[] = [];
    client.on('emotion.final', (event: EmotionFinal) => received.push({ event, atMs: Date.now() }));
    const answer = (await client.timeout(5000).emitWithAck('subscribe', { roomId })) as { ok: boolean };
    if (!answer.ok) throw new Error(`the benchmark's client could not subscribe: ${JSON.stringify(answer)}`);
    await player!.finished;
    await delay(LAST_RESULTS_MS);
    client.disconnect();
    call.disconnect();
    return rowOf(captions, player!.talkers, received);
  } finally {
    await server.close();
  }
}

function rowOf(captions: boolean, talkers: readonly Talker[], received: readonly Received[]): LatencyRow {
  const finals = received.filter(({ event }) => event.revision === 0);
  const matched = talkers.flatMap((talker) =>
    talker.script.lines.flatMap((line) => {
      const endMs = talker.wallMs(line.endMs);
      const own = finals.find(
        ({ event }) => event.participantId === talker.participantId && Math.abs(event.span.endMs - endMs) < SAME_END_MS,
      );
      return own ? [{ latencyMs: own.atMs - endMs, trigger: own.event.trigger }] : [];
    }),
  );
  const latencies = matched.map(({ latencyMs }) => latencyMs);
  const triggers: Record<string, number> = {};
  for (const { trigger } of matched) triggers[trigger] = (triggers[trigger] ?? 0) + 1;
  return {
    captions,
    spoken: talkers.reduce((sum, { script }) => sum + script.lines.length, 0),
    finals: matched.length,
    p50: round(quantile(latencies, 0.5)),
    p95: round(quantile(latencies, 0.95)),
    max: round(Math.max(...latencies)),
    triggers,
    ...(!captions && { afterSilenceP95: round(quantile(latencies, 0.95) - SILENCE_MS) }),
  };
}

/** Talkers in the place of the server's sample call, so that they go the whole way that its speakers go. */
class ScriptPlayer extends EventEmitter<{ transcript: [TranscriptSegment]; ended: [] }> implements SamplePlayer {
  readonly talkers: readonly Talker[];
  readonly speakers: readonly { participantId: string; displayName: string }[];
  readonly durationMs: number;
  readonly finished: Promise<unknown>;

  private constructor(talkers: readonly Talker[]) {
    super();
    this.talkers = talkers;
    this.speakers = talkers.map(({ participantId }) => ({ participantId, displayName: participantId }));
    this.durationMs = Math.max(...talkers.map(({ script }) => script.durationMs));
    this.finished = Promise.all(talkers.map(({ ended }) => ended));
  }

  static async open(router: mediasoup.Router, scripts: readonly Script[]): Promise<ScriptPlayer> {
    const { speakers } = await readRecording();
    const talkers: Talker[] = [];
    for (const [i, script] of scripts.entries()) {
      const { video } = speakers[i % speakers.length]!;
      const link = { loss: 0, jitterMs: 0, seed: i };
      talkers.push(await Talker.open(router, { participantId: `talker-${i}`, script, link, video }, 5000 + 2 * i));
    }
    return new ScriptPlayer(talkers);
  }

  async start(): Promise<void> {
    for (const talker of this.talkers) {
      for (const line of talker.script.lines) {
        talker.mark(line.endMs, () => this.emit('transcript', captionOf(talker, line)));
      }
      talker.start();
    }
  }

  stop(): void {
    for (const talker of this.talkers) talker.close();
  }
}

function captionOf(talker: Talker, { words, startMs, endMs }: Line): TranscriptSegment {
  const wall = (ms: number): number => talker.wallMs(ms);
  return {
    participantId: talker.participantId,
    segmentId: `${talker.participantId}-${startMs}`,
    text: words.map(({ text }) => text).join(' '),
    final: true,
    startMs: wall(startMs),
    endMs: wall(endMs),
    clock: 'wall',
    words: words.map((word) => ({ text: word.text, startMs: wall(word.startMs), endMs: wall(word.endMs) })),
  };
}
