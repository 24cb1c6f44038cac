/** Entry of a decoder thread: datagrams of many participants in, 16 kHz sound with speech probabilities and face crops out. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort, Transferable } from 'node:worker_threads';
import type {
  DecoderBackends,
  DecoderErrorMessage,
  DecoderThreadOptions,
  DecoderTrack,
  FromDecoderThread,
  ToDecoderThread,
} from './decoder-thread-protocol.ts';
import type { FaceDetector, VideoEffort } from './media/index.ts';
import {
  createFaceDetector,
  createOpusDecoder,
  createVideoDecoder,
  loadNodeAv,
  LoadGauge,
  VideoTrack,
} from './media/index.ts';
import type { VideoCodec } from './rtp/index.ts';
import { SenderClock, VIDEO_CODECS } from './rtp/index.ts';
import { AudioTrack, loadVad } from './speech/index.ts';
import type { VadModel } from './speech/index.ts';

const POLL_MS = 10;
const STATS_MS = 5000;
/** Beyond this, video is not even taken in: what waits in the port must not grow without bound. */
const MAX_BEHIND_MS = 1000;
const DEFAULT_VIDEO_FPS = 2;
const EFFORTS: readonly VideoEffort[] = ['full', 'half', 'none'];

type Track = { readonly key: string; readonly opened: Promise<void>; fresh: boolean; muted: boolean } & (
  { readonly kind: 'audio'; readonly media: AudioTrack } | { readonly kind: 'video'; readonly media: VideoTrack }
);

type Control = Exclude<ToDecoderThread, { type: 'datagram' }>;

class DecoderThread {
  readonly #port: MessagePort;
  readonly #options: DecoderThreadOptions;
  readonly #vad: VadModel;
  readonly #detector: FaceDetector;
  readonly #tracks = new Map<string, Track>();
  readonly #clocks = new Map<string, SenderClock>();
  readonly #gauge = new LoadGauge();
  /** What changes tracks waits for the running poll, so that nothing is closed while it is at work. */
  readonly #controls: Control[] = [];
  #videoFps: number;
  #video = true;
  #ended = false;
  #polling = false;
  #statsAtMs = Date.now() + STATS_MS;
  readonly #timer: NodeJS.Timeout;

  constructor(port: MessagePort, options: DecoderThreadOptions, vad: VadModel, detector: FaceDetector) {
    this.#port = port;
    this.#options = options;
    this.#vad = vad;
    this.#detector = detector;
    this.#videoFps = options.videoFps ?? DEFAULT_VIDEO_FPS;
    port.on('message', (message: ToDecoderThread) => this.#onMessage(message));
    this.#timer = setInterval(() => void this.#poll(), POLL_MS);
  }

  #onMessage(message: ToDecoderThread): void {
    if (message.type !== 'datagram') {
      this.#onControl(message);
      return;
    }
    const { data, arrivalMs } = message;
    const nowMs = Date.now();
    this.#gauge.onDatagram(arrivalMs, nowMs);
    const track = this.#tracks.get(message.trackId);
    if (track === undefined || track.muted) return;
    track.fresh = true;
    if (track.kind === 'video') {
      if (!this.#video) return;
      if (nowMs - arrivalMs > MAX_BEHIND_MS) {
        track.media.refuse();
        return;
      }
    }
    track.media.push(data, arrivalMs);
  }

  #onControl(message: Control): void {
    // A track exists from its announcement on, so that no datagram after it is lost; but a removal before it comes first.
    if (message.type === 'track.add' && this.#controls.length === 0) {
      this.#add(message);
      return;
    }
    // What is to stop, stops taking media in at once.
    if (message.type === 'track.pause' || message.type === 'track.remove') {
      const track = this.#tracks.get(message.trackId);
      if (track !== undefined) track.muted = true;
    }
    if (message.type === 'settings' && message.video === 'off') this.#video = false;
    this.#controls.push(message);
  }

  async #poll(): Promise<void> {
    if (this.#polling || this.#ended) return;
    this.#polling = true;
    try {
      for (let control = this.#controls.shift(); control !== undefined; control = this.#controls.shift()) {
        await this.#control(control);
        if (this.#ended) return;
      }
      const load = this.#gauge.update(Date.now());
      if (load !== null) this.#send({ type: 'load', ...load });
      // Sound first: it is cheap, and what a call is made of.
      for (const kind of ['audio', 'video'] as const) {
        for (const [trackId, track] of this.#tracks) {
          if (track.kind === kind) await this.#guard(trackId, () => this.#pollTrack(track));
        }
      }
      this.#tellStats();
    } finally {
      this.#polling = false;
    }
  }

  #pollTrack(track: Track): Promise<void> {
    if (track.kind === 'audio') return track.media.poll(Date.now());
    return track.media.poll(Date.now(), EFFORTS[this.#gauge.level] ?? 'full');
  }

  async #control(message: Control): Promise<void> {
    switch (message.type) {
      case 'track.remove':
        return this.#remove(message.trackId);
      case 'track.pause':
      case 'track.resume': {
        const track = this.#tracks.get(message.trackId);
        if (track === undefined) return;
        if (message.type === 'track.resume') track.muted = false;
        return this.#guard(message.trackId, async () =>
          message.type === 'track.pause' ? track.media.pause() : track.media.resume(),
        );
      }
      case 'settings':
        return this.#set(message);
      case 'drain':
        return this.#drain();
      case 'track.add':
        return this.#add(message);
    }
  }

  #add(spec: DecoderTrack): void {
    const { trackId, participantKey } = spec;
    if (this.#tracks.has(trackId)) {
      this.#fail('bad-track', `trackId is '${trackId}', which exists already: remove it first.`, trackId);
      return;
    }
    try {
      const track = this.#createTrack(spec);
      this.#tracks.set(trackId, track);
      track.opened.catch((error: unknown) => this.#fail('track-failed', String(error), trackId));
    } catch (error) {
      if (!this.#serves(participantKey)) this.#clocks.delete(participantKey);
      this.#fail('bad-track', error instanceof Error ? error.message : String(error), trackId);
    }
  }

  #createTrack(spec: DecoderTrack): Track {
    const { trackId, participantKey: key, codec, payloadType, clockRate, ssrc } = spec;
    let senderClock = this.#clocks.get(key);
    if (senderClock === undefined) this.#clocks.set(key, (senderClock = new SenderClock()));
    const to = { trackId, participantKey: key };
    if (spec.kind === 'audio') {
      if (codec !== 'opus') throw new TypeError(`codec is '${codec}' for audio; allowed is opus.`);
      const media = new AudioTrack({
        payloadType,
        ssrc,
        senderClock,
        vad: this.#vad.createVad(),
        sink: {
          audio: ({ startMs, pcm, concealedMs }, vad, anchor) =>
            this.#send({ type: 'audio', ...to, startMs, pcm, vad, concealedMs, anchor }, [pcm.buffer, vad.buffer]),
          gap: (fromMs, toMs, reason) => this.#send({ type: 'audio.gap', ...to, fromMs, toMs, reason }),
        },
      });
      const opened = createOpusDecoder().then((decoder) => media.setDecoder(decoder));
      return { kind: 'audio', key, media, opened, fresh: false, muted: false };
    }
    if (codec === 'opus') throw new TypeError(`codec is 'opus' for video; allowed are ${VIDEO_CODECS.join(', ')}.`);
    const media = new VideoTrack({
      codec,
      payloadType,
      clockRate,
      ssrc,
      senderClock,
      detector: this.#detector,
      crop: this.#options.crop,
      fps: this.#videoFps,
      sink: {
        face: (atMs, face) =>
          this.#send({ type: 'face', ...to, atMs, face }, face === null ? [] : [face.pixels.buffer]),
        keyFrame: () => this.#send({ type: 'keyframe', trackId }),
        failed: ({ code, message }) => this.#fail(code === 'corrupt' ? 'track-failed' : code, message, trackId),
      },
    });
    const opened = createVideoDecoder(codec).then((decoder) => media.setDecoder(decoder));
    return { kind: 'video', key, media, opened, fresh: false, muted: false };
  }

  async #remove(trackId: string): Promise<void> {
    const track = this.#tracks.get(trackId);
    if (track === undefined) return;
    await this.#guard(trackId, async () => {
      await track.opened.catch(() => undefined);
      if (track.kind === 'audio') await track.media.close(Date.now());
      else track.media.close();
    });
    this.#tellTrack(trackId, track, true);
    this.#tracks.delete(trackId);
    if (!this.#serves(track.key)) this.#clocks.delete(track.key);
  }

  #serves(participantKey: string): boolean {
    return [...this.#tracks.values()].some(({ key }) => key === participantKey);
  }

  async #set({ videoFps, video }: Extract<Control, { type: 'settings' }>): Promise<void> {
    if (videoFps !== undefined) this.#videoFps = videoFps;
    if (video !== undefined) this.#video = video === 'on';
    for (const track of this.#tracks.values()) {
      if (track.kind !== 'video') continue;
      if (videoFps !== undefined) track.media.fps = videoFps;
      // As after a pause, the stream goes on at a key frame.
      if (video === 'off') track.media.interrupt();
    }
  }

  async #drain(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#timer);
    for (const trackId of [...this.#tracks.keys()]) await this.#remove(trackId);
    await this.#vad.close();
    await this.#detector.close();
    this.#send({ type: 'drained' });
    this.#port.close();
  }

  /** One participant's trouble stays that participant's. */
  async #guard(trackId: string, work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#fail('track-failed', error instanceof Error ? error.message : String(error), trackId);
    }
  }

  #tellStats(): void {
    const nowMs = Date.now();
    if (nowMs < this.#statsAtMs) return;
    this.#statsAtMs = nowMs + STATS_MS;
    for (const [trackId, track] of this.#tracks) {
      if (track.fresh) this.#tellTrack(trackId, track, false);
      track.fresh = false;
    }
  }

  #tellTrack(trackId: string, track: Track, final: boolean): void {
    if (track.kind === 'audio')
      this.#send({ type: 'track.stats', trackId, final, kind: 'audio', counts: track.media.stats });
    else this.#send({ type: 'track.stats', trackId, final, kind: 'video', counts: track.media.stats });
  }

  #fail(code: DecoderErrorMessage['code'], message: string, trackId: string): void {
    this.#send({ type: 'error', trackId, code, message });
  }

  #send(message: FromDecoderThread, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

async function start(port: MessagePort): Promise<void> {
  const options = workerData as DecoderThreadOptions;
  const [vad, detector, nodeAv] = await Promise.all([
    loadVad(join(options.detectorsDir, 'silero_vad_16k_op15.onnx')),
    createFaceDetector(join(options.detectorsDir, 'blazeface-256.onnx')),
    loadNodeAv(),
  ]);
  const backend = (codec: VideoCodec) =>
    nodeAv !== null ? 'node-av' : codec === 'h264' ? 'h264decoder-wasm' : 'ogv-wasm';
  const decoders: DecoderBackends = {
    opus: 'evan-opus-wasm',
    vp8: backend('vp8'),
    vp9: backend('vp9'),
    h264: backend('h264'),
    av1: backend('av1'),
  };
  new DecoderThread(port, options, vad, detector);
  port.postMessage({ type: 'ready', decoders } satisfies FromDecoderThread);
}

if (parentPort !== null) {
  const port = parentPort;
  start(port).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ type: 'error', code: 'start-failed', message } satisfies FromDecoderThread);
    port.close();
  });
}
