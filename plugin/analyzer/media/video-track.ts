import type { SenderClock, TimedAccessUnit, VideoCodec, VideoReceiverStats } from '../rtp/index.ts';
import { VideoReceiver } from '../rtp/index.ts';
import type { FaceDetector } from './faces.ts';
import type { FaceCropOptions, FaceSample } from './face-sampler.ts';
import { sampleFace } from './face-sampler.ts';
import { FrameSampler } from './frame-sampler.ts';
import { TemporalLayers } from './temporal-layers.ts';
import type { DecodeFailure, VideoDecoder, VideoDecoderStats, VideoFrame } from './video-decoder.ts';

export interface VideoTrackOptions {
  readonly codec: VideoCodec;
  /** 0..127. */
  readonly payloadType: number;
  /** Hz. */
  readonly clockRate: number;
  readonly ssrc: number;
  readonly senderClock: SenderClock;
  readonly detector: FaceDetector;
  readonly crop: FaceCropOptions;
  /** Frames a second to look for a face in; 0 for none. */
  readonly fps: number;
  readonly sink: VideoTrackSink;
}

/** Where a track's results go. */
export interface VideoTrackSink {
  /** One sampled frame: its face, or null where it shows none. */
  face(atMs: number, face: FaceSample | null): void;
  /** The sender should be asked for a key frame now. */
  keyFrame(): void;
  /** The stream cannot be decoded as it is. Told once a cause. */
  failed(failure: DecodeFailure): void;
}

/** How much to do: everything; look for a face in every other sample only; decode nothing. */
export type VideoEffort = 'full' | 'half' | 'none';

export interface VideoTrackStats {
  readonly receiver: VideoReceiverStats;
  readonly decoder: VideoDecoderStats;
  /** Pictures not decoded because they belong to temporal layers that nobody looks at. */
  readonly skippedLayers: number;
  /** Pictures not decoded, and samples not taken, because the thread was behind. */
  readonly droppedPictures: number;
  readonly droppedSamples: number;
  /** Datagrams not even taken in, because the thread was far behind. */
  readonly refusedDatagrams: number;
  readonly samples: number;
  readonly faces: number;
}

const NO_DECODER: VideoDecoderStats = { decoded: 0, hidden: 0, failed: 0, rebuilt: 0 };

/** One participant's video, from datagrams to face crops. Driven by `poll()`; has no timers of its own. */
export class VideoTrack {
  readonly #receiver: VideoReceiver;
  readonly #layers = new TemporalLayers();
  readonly #sampler: FrameSampler;
  readonly #detector: FaceDetector;
  readonly #crop: FaceCropOptions;
  readonly #sink: VideoTrackSink;
  readonly #counts = {
    skippedLayers: 0,
    droppedPictures: 0,
    droppedSamples: 0,
    refusedDatagrams: 0,
    samples: 0,
    faces: 0,
  };
  #decoder: VideoDecoder | null = null;
  #paused = false;
  #dropping = false;
  /** The sample before was left out. */
  #skip = false;
  /** The stream is beyond this decoder: nothing is asked for or decoded until another stream begins. */
  #unsupported = false;
  #told: DecodeFailure['code'] | null = null;

  constructor(options: VideoTrackOptions) {
    const { codec, payloadType, clockRate, ssrc, senderClock } = options;
    this.#receiver = new VideoReceiver({ codec, payloadType, clockRate, ssrc, senderClock });
    this.#sampler = new FrameSampler(options.fps);
    this.#detector = options.detector;
    this.#crop = options.crop;
    this.#sink = options.sink;
  }

  /** Opening a decoder takes time: until one is given, nothing is decoded. The track closes it. */
  setDecoder(decoder: VideoDecoder): void {
    this.#decoder = decoder;
  }

  get fps(): number {
    return this.#sampler.fps;
  }

  set fps(fps: number) {
    this.#sampler.fps = fps;
  }

  get stats(): VideoTrackStats {
    return { receiver: this.#receiver.stats, decoder: this.#decoder?.stats ?? NO_DECODER, ...this.#counts };
  }

  push(datagram: Uint8Array, arrivalMs: number): void {
    if (!this.#paused) this.#receiver.push(datagram, arrivalMs);
  }

  /** Counts a datagram that there is no time for. */
  refuse(): void {
    this.#counts.refusedDatagrams++;
  }

  pause(): void {
    this.#paused = true;
    this.interrupt();
  }

  resume(): void {
    this.#paused = false;
  }

  /** What waits is dropped; the stream goes on at its next key frame, which is asked for when something comes. */
  interrupt(): void {
    this.#receiver.reset();
  }

  /** Decodes what is due; takes at most one sample. Not to be called again before its promise has settled. */
  async poll(nowMs: number, effort: VideoEffort): Promise<void> {
    const decoder = this.#decoder;
    if (this.#paused || decoder === null) return;
    let sampled = false;
    for (const timed of this.#receiver.poll(nowMs)) {
      const frame = this.#decode(decoder, timed, effort);
      if (frame === null || sampled || !this.#sampler.takes(timed.wallMs)) continue;
      this.#skip = effort === 'half' && !this.#skip;
      if (this.#skip) {
        this.#counts.droppedSamples++;
        continue;
      }
      sampled = true;
      const face = await sampleFace(frame, this.#detector, this.#crop);
      this.#counts.samples++;
      if (face !== null) this.#counts.faces++;
      this.#sink.face(timed.wallMs, face);
    }
    if (!this.#unsupported && !this.#dropping && this.#receiver.needsKeyFrame(nowMs)) this.#sink.keyFrame();
  }

  /** Frees the decoder. */
  close(): void {
    this.#decoder?.close();
    this.#paused = true;
  }

  #decode(decoder: VideoDecoder, { unit, wallMs }: TimedAccessUnit, effort: VideoEffort): VideoFrame | null {
    if (effort === 'none') {
      this.#counts.droppedPictures++;
      this.#dropping = true;
      return null;
    }
    if (this.#dropping) {
      this.#dropping = false;
      // What comes now refers to pictures that were dropped.
      if (!unit.keyFrame) {
        this.#receiver.onDecoderError();
        this.#counts.droppedPictures++;
        return null;
      }
    }
    if (!this.#layers.keep(unit, wallMs, this.#sampler.fps)) {
      this.#counts.skippedLayers++;
      return null;
    }
    if (this.#unsupported && !unit.keyFrame) return null;
    const frame = decoder.decode(unit.data);
    if (decoder.failure !== null) this.#onFailure(decoder.failure);
    else if (frame !== null) this.#onPicture();
    return frame;
  }

  #onPicture(): void {
    this.#unsupported = false;
    this.#told = null;
  }

  #onFailure(failure: DecodeFailure): void {
    if (failure.code === 'corrupt') {
      this.#receiver.onDecoderError();
      return;
    }
    this.#unsupported = true;
    if (this.#told !== failure.code) this.#sink.failed(failure);
    this.#told = failure.code;
  }
}
