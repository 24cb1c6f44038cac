import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { seededRandom } from '../../scripts/random.ts';
import type {
  DecoderThreadOptions,
  DecoderTrack,
  FromDecoderThread,
  ToDecoderThread,
} from '../../plugin/analyzer/decoder-thread-protocol.ts';
import { fixture, readOpus, readUnits } from './media/containers.ts';
import { rtp, vp8Payloads } from './rtp-stream.ts';

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const ENTRY = new URL('../../plugin/analyzer/decoder-thread.ts', import.meta.url);
const OPTIONS: DecoderThreadOptions = {
  detectorsDir: path('models/detectors'),
  crop: { size: 64, cropScale: 1.25 },
  videoFps: 4,
};
const AUDIO: DecoderTrack = {
  trackId: 'a1',
  participantKey: 'room/ada',
  kind: 'audio',
  codec: 'opus',
  payloadType: 111,
  clockRate: 48_000,
  ssrc: 1,
};
const VIDEO: DecoderTrack = {
  trackId: 'v1',
  participantKey: 'room/ada',
  kind: 'video',
  codec: 'vp8',
  payloadType: 96,
  clockRate: 90_000,
  ssrc: 2,
};

type Message<T extends FromDecoderThread['type']> = Extract<FromDecoderThread, { type: T }>;

/** A thread under test, and what it has said. */
class Thread {
  readonly messages: FromDecoderThread[] = [];
  readonly #worker: Worker;
  readonly ended: Promise<unknown[]>;

  constructor(options: DecoderThreadOptions) {
    this.#worker = new Worker(ENTRY, { workerData: options });
    this.#worker.on('message', (message: FromDecoderThread) => this.messages.push(message));
    this.ended = once(this.#worker, 'exit');
  }

  send(message: ToDecoderThread): void {
    this.#worker.postMessage(message, message.type === 'datagram' ? [message.data.buffer as ArrayBuffer] : []);
  }

  of<T extends FromDecoderThread['type']>(type: T): Message<T>[] {
    return this.messages.filter((message): message is Message<T> => message.type === type);
  }

  /** The next message of a type, or the first that came already. */
  async first<T extends FromDecoderThread['type']>(type: T): Promise<Message<T>> {
    for (;;) {
      const [found] = this.of(type);
      if (found !== undefined) return found;
      await once(this.#worker, 'message', { signal: AbortSignal.timeout(10_000) });
    }
  }

  async drain(): Promise<void> {
    this.send({ type: 'drain' });
    await this.first('drained');
    assert.deepEqual(await this.ended, [0]);
  }
}

async function open(t: TestContext, tracks: readonly DecoderTrack[] = [AUDIO, VIDEO]): Promise<Thread> {
  const thread = new Thread(OPTIONS);
  let drained = false;
  thread.ended.then(() => (drained = true)).catch(() => undefined);
  t.after(async () => {
    if (!drained) await thread.drain();
  });
  await thread.first('ready');
  for (const track of tracks) thread.send({ type: 'track.add', ...track });
  return thread;
}

interface Timed {
  atMs: number;
  trackId: string;
  packets: Uint8Array[];
}

function audioStream(packets: readonly Uint8Array[]): Timed[] {
  return packets.map((payload, i) => ({
    atMs: i * 20,
    trackId: AUDIO.trackId,
    packets: [rtp({ payloadType: 111, ssrc: 1, sequenceNumber: i, timestamp: i * 960, payload })],
  }));
}

function videoStream(frames: readonly Uint8Array[], fps: number): Timed[] {
  let sequenceNumber = 100;
  return frames.map((frame, i) => {
    const payloads = vp8Payloads(frame, i);
    const packets = payloads.map((payload, at) =>
      rtp({
        payloadType: 96,
        ssrc: 2,
        sequenceNumber: sequenceNumber++,
        timestamp: (i * 90_000) / fps,
        payload,
        marker: at === payloads.length - 1,
      }),
    );
    return { atMs: (i * 1000) / fps, trackId: VIDEO.trackId, packets };
  });
}

/** Sends in real time, as a call would. */
async function play(thread: Thread, streams: readonly Timed[]): Promise<number> {
  const beginMs = Date.now();
  for (const { atMs, trackId, packets } of [...streams].sort((a, b) => a.atMs - b.atMs)) {
    const waitMs = beginMs + atMs - Date.now();
    if (waitMs > 0) await after(waitMs);
    for (const data of packets) thread.send({ type: 'datagram', trackId, data, arrivalMs: Date.now() });
  }
  return beginMs;
}

const voice = readOpus(fixture('voice.opus'));
const pattern = readUnits(fixture('pattern-vp8.ivf'));

test('Two seconds of voice and picture come out as frames of sound, samples of video, and counts', async (t) => {
  const thread = await open(t);
  const beginMs = await play(thread, [...audioStream(voice.slice(0, 100)), ...videoStream(pattern, 12)]);
  await thread.drain();

  assert.deepEqual(thread.of('error'), []);
  const audio = thread.of('audio');
  assert.ok(audio.every(({ pcm, vad }) => pcm.length % 512 === 0 && vad.length === pcm.length / 512));
  assert.ok(audio.every(({ trackId, participantKey }) => trackId === 'a1' && participantKey === 'room/ada'));
  const samples = audio.reduce((sum, { pcm }) => sum + pcm.length, 0);
  assert.equal(samples, 63 * 512);
  const first = audio[0]?.startMs ?? 0;
  assert.ok(Math.abs(first - beginMs) < 100, `${first - beginMs} ms`);
  let at = first;
  for (const { startMs, pcm } of audio) {
    assert.ok(Math.abs(startMs - at) < 5);
    at = startMs + pcm.length / 16;
  }
  const spoken = audio.flatMap(({ vad }) => [...vad]).filter((p) => p > 0.5).length;
  assert.ok(spoken > 20, `${spoken} of 63 frames`);

  // The picture is of waves: it is looked at four times a second, and shows nobody.
  const faces = thread.of('face');
  assert.ok(faces.length >= 6 && faces.length <= 9, `${faces.length} samples`);
  assert.ok(faces.every(({ face }) => face === null));
  const intervals = faces.slice(1).map(({ atMs }, i) => atMs - (faces[i]?.atMs ?? 0));
  assert.ok(
    intervals.every((ms) => ms > 150 && ms < 350),
    intervals.join(),
  );

  const stats = thread.of('track.stats').filter(({ final }) => final);
  assert.deepEqual(stats.map(({ kind }) => kind).sort(), ['audio', 'video']);
  for (const { kind, counts } of stats) {
    if (kind === 'audio') assert.equal(counts.decoder.decoded, 100);
    else assert.deepEqual([counts.decoder.decoded, counts.droppedPictures], [pattern.length, 0]);
  }
});

test('A hole in the video is answered by asking for a key frame, and a loss of sound is told', async (t) => {
  const thread = await open(t);
  const video = videoStream(pattern, 12).filter((_, i) => i !== 4);
  const audio = audioStream(voice.slice(0, 100)).filter((_, i) => i !== 30);
  await play(thread, [...audio, ...video]);
  await thread.drain();
  assert.ok(thread.of('keyframe').length >= 1);
  assert.deepEqual(
    thread.of('audio.gap').map(({ reason, trackId }) => [reason, trackId]),
    [['loss', 'a1']],
  );
  assert.equal(
    thread.of('audio').reduce((sum, { concealedMs }) => sum + concealedMs, 0),
    20,
  );
});

test('A paused track and switched-off video give nothing', async (t) => {
  const thread = await open(t);
  thread.send({ type: 'track.pause', trackId: 'a1' });
  thread.send({ type: 'settings', video: 'off' });
  await play(thread, [...audioStream(voice.slice(0, 20)), ...videoStream(pattern.slice(0, 5), 12)]);
  await thread.drain();
  assert.deepEqual([thread.of('audio').length, thread.of('face').length], [0, 0]);
});

test('20,000 hostile datagrams to every kind of track neither stop the thread nor harm another participant', async (t) => {
  const hostile = (['vp8', 'vp9', 'h264', 'av1'] as const).map((codec, i) => ({
    ...VIDEO,
    trackId: codec,
    participantKey: 'room/mallory',
    codec,
    ssrc: 10 + i,
  }));
  const opus = { ...AUDIO, trackId: 'opus', participantKey: 'room/mallory', ssrc: 20 };
  const thread = await open(t, [AUDIO, ...hostile, opus]);
  const random = seededRandom(13);
  const material = [...pattern, ...voice];
  const targets = [...hostile, opus];
  const honest = audioStream(voice.slice(0, 100));
  const playing = play(thread, honest);
  for (let sent = 0; sent < 20_000; sent++) {
    const track = targets[Math.floor(random() * targets.length)] ?? opus;
    const source = material[Math.floor(random() * material.length)] ?? new Uint8Array(1);
    const payload = Uint8Array.from(source.subarray(0, 1 + Math.floor(random() * 1000)));
    for (let flips = random() * 10; flips > 0; flips--)
      payload[Math.floor(random() * Math.min(30, payload.length))] = random() * 256;
    const data = rtp({
      payloadType: track.payloadType,
      ssrc: track.ssrc,
      sequenceNumber: random() < 0.9 ? sent : random() * 65_536,
      timestamp: random() < 0.9 ? sent * 300 : random() * 2 ** 32,
      payload,
      marker: random() < 0.5,
    });
    if (random() < 0.1) data.fill(random() * 256, 0, 12 * random());
    thread.send({ type: 'datagram', trackId: track.trackId, data, arrivalMs: Date.now() });
    if (sent % 100 === 0) await after(8);
  }
  await playing;
  await thread.drain();
  assert.deepEqual(
    thread.of('error').filter(({ code }) => code === 'track-failed'),
    [],
  );
  const own = thread.of('audio').filter(({ trackId }) => trackId === 'a1');
  assert.equal(
    own.reduce((sum, { pcm }) => sum + pcm.length, 0),
    63 * 512,
  );
});

test('A track that cannot be is refused with the reason, and the thread goes on', async (t) => {
  const thread = await open(t);
  thread.send({ type: 'track.add', ...AUDIO });
  thread.send({ type: 'track.add', ...VIDEO, trackId: 'v2', codec: 'opus' });
  thread.send({ type: 'track.add', ...AUDIO, trackId: 'a2', payloadType: 300 });
  await play(thread, audioStream(voice.slice(0, 20)));
  await thread.drain();
  const errors = thread.of('error').map(({ code, trackId, message }) => [code, trackId, message]);
  assert.equal(errors.length, 3);
  assert.match(String(errors[0]), /bad-track,a1,.*exists already/);
  assert.match(String(errors[1]), /bad-track,v2,codec is 'opus' for video; allowed are vp8/);
  assert.match(String(errors[2]), /bad-track,a2,payloadType is 300/);
  assert.equal(
    thread.of('audio').reduce((sum, { pcm }) => sum + pcm.length, 0),
    13 * 512,
  );
});

test('Without its models the thread says which file is missing, and ends', async () => {
  const thread = new Thread({ ...OPTIONS, detectorsDir: path('models/nowhere') });
  const { code, message } = await thread.first('error');
  assert.equal(code, 'start-failed');
  assert.match(message, /models\/nowhere/);
  assert.deepEqual(await thread.ended, [0]);
});

/** VP8 of somebody talking: of the sample call, or of a recording that may lie beside the repository. */
function talkingFace(t: TestContext): Uint8Array[] | null {
  const sample = path('server/sample/media');
  const [name] = existsSync(sample) ? readdirSync(sample).filter((file) => file.endsWith('.ivf')) : [];
  if (name !== undefined) return readUnits(join(sample, name)).slice(0, 30);
  const recording = path('../shared/media/camera.mjpeg');
  if (!existsSync(recording) || spawnSync('ffmpeg', ['-version']).status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'undertone-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'face.ivf');
  const codec = ['-c:v', 'libvpx', '-b:v', '400k', '-deadline', 'realtime', '-auto-alt-ref', '0'];
  execFileSync('ffmpeg', [
    '-loglevel',
    'error',
    '-i',
    recording,
    '-vf',
    'fps=15,scale=320:256',
    '-frames:v',
    '30',
    ...codec,
    file,
  ]);
  return readUnits(file);
}

test('A talking face comes out as crops with box, score and quality', async (t) => {
  const frames = talkingFace(t);
  if (frames === null) {
    t.skip('neither the sample call nor a recording of a talking face is there');
    return;
  }
  const thread = await open(t, [VIDEO]);
  await play(thread, videoStream(frames, 15));
  await thread.drain();
  const faces = thread.of('face').map(({ face }) => face);
  assert.ok(faces.length >= 6, `${faces.length} samples`);
  const found = faces.filter((face) => face !== null);
  assert.ok(found.length >= faces.length * 0.9, `${found.length} of ${faces.length}`);
  for (const face of found) {
    assert.deepEqual([face.size, face.pixels.length], [64, 64 * 64 * 3]);
    assert.ok(face.score > 0.5 && face.quality > 0.5, `${face.score} ${face.quality} ${face.reasons.join()}`);
    const { x, y, width, height } = face.box;
    assert.ok(
      x + width / 2 > 0 && x + width / 2 < face.frameWidth && y + height / 2 > 0 && y + height / 2 < face.frameHeight,
    );
    assert.ok(new Set(face.pixels).size > 50, 'the crop is flat');
  }
});
