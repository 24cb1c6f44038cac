import type { AudioItem, AudioReceiverStats, SenderClock } from '../rtp/index.ts';
import { AudioReceiver } from '../rtp/index.ts';
import type { OpusDecoder, OpusDecoderStats } from '../media/index.ts';
import { rmsDbfs } from './levels.ts';
import type { FramedPcm } from './pcm-framer.ts';
import { PcmFramer } from './pcm-framer.ts';
import type { Vad } from './vad.ts';
import { VAD_FRAME_SAMPLES, VAD_SAMPLE_RATE } from './vad.ts';

export type AudioGapReason = 'dtx' | 'loss' | 'long-gap';

export interface AudioTrackOptions {
  /** 0..127. */
  readonly payloadType: number;
  readonly ssrc: number;
  readonly senderClock: SenderClock;
  readonly vad: Vad;
  readonly sink: AudioTrackSink;
}

/** That the sound with this RTP timestamp is of that wall time. */
export interface TimeAnchor {
  readonly rtpTimestamp: number;
  readonly wallMs: number;
}

/** Where a track's results go. */
export interface AudioTrackSink {
  /** Whole frames of 512 samples, the speech probability of each, and where the newest packet was placed. */
  audio(framed: FramedPcm, vad: Float32Array<ArrayBuffer>, anchor: TimeAnchor | undefined): void;
  /** A stretch for which no sound came. For 'dtx' and 'loss' the sink got silence or made-up sound all the same. */
  gap(fromMs: number, toMs: number, reason: AudioGapReason): void;
}

export interface AudioTrackStats {
  readonly receiver: AudioReceiverStats;
  readonly decoder: OpusDecoderStats;
  readonly frames: number;
}

const NO_DECODER: OpusDecoderStats = { decoded: 0, failed: 0, fecSamples: 0, concealedSamples: 0 };
const SAMPLES_PER_MS = VAD_SAMPLE_RATE / 1000;
/** Nobody speaks below this level, dBFS: such frames are not worth asking the VAD. */
const QUIET_DBFS = -80;
/** Longer runs are told in parts, so that whoever waits for them learns of them. */
const MAX_RUN_MS = 1000;

/** One participant's audio, from datagrams to 16 kHz frames with speech probabilities. Driven by `poll()`; has no timers. */
export class AudioTrack {
  readonly #receiver: AudioReceiver;
  readonly #framer = new PcmFramer();
  readonly #vad: Vad;
  readonly #sink: AudioTrackSink;
  #decoder: OpusDecoder | null = null;
  #paused = false;
  #frames = 0;
  #anchor: TimeAnchor | undefined;
  /** The stretch without sound that is going on. */
  #run: { reason: 'dtx' | 'loss'; fromMs: number; toMs: number } | null = null;
  #vadIsFresh = true;

  constructor({ payloadType, ssrc, senderClock, vad, sink }: AudioTrackOptions) {
    this.#receiver = new AudioReceiver({ payloadType, ssrc, senderClock });
    this.#vad = vad;
    this.#sink = sink;
  }

  /** Opening a decoder takes time: until one is given, packets wait. The track closes it. */
  setDecoder(decoder: OpusDecoder): void {
    this.#decoder = decoder;
  }

  get stats(): AudioTrackStats {
    return { receiver: this.#receiver.stats, decoder: this.#decoder?.stats ?? NO_DECODER, frames: this.#frames };
  }

  push(datagram: Uint8Array, arrivalMs: number): void {
    if (!this.#paused) this.#receiver.push(datagram, arrivalMs);
  }

  /** The sound so far is given out, and a new timeline begins after `resume()`. */
  async pause(): Promise<void> {
    if (this.#paused) return;
    this.#paused = true;
    this.#receiver.reset();
    await this.#end();
  }

  resume(): void {
    this.#paused = false;
  }

  /** Decodes what is due. Not to be called again before its promise has settled. */
  async poll(nowMs: number): Promise<void> {
    if (this.#paused || this.#decoder === null) return;
    for (const item of this.#receiver.poll(nowMs)) {
      if (item.kind === 'long-gap') {
        await this.#end();
        this.#sink.gap(item.wallMs, item.wallMs + item.durationMs, 'long-gap');
      } else {
        this.#addItem(this.#decoder, item);
      }
    }
    await this.#give(this.#framer.take());
  }

  /** Gives out what is left and frees the decoder. */
  async close(nowMs: number): Promise<void> {
    // Later than any reordering is waited for, sooner than a silent stream is taken for a stopped one.
    await this.poll(nowMs + 200);
    if (!this.#paused) await this.#end();
    this.#paused = true;
    this.#decoder?.close();
  }

  #addItem(decoder: OpusDecoder, item: Exclude<AudioItem, { kind: 'long-gap' }>): void {
    const { wallMs, durationMs } = item;
    const samples = Math.round(durationMs * SAMPLES_PER_MS);
    this.#follow(item);
    if (item.kind === 'dtx') {
      this.#framer.add(new Float32Array(samples), wallMs);
    } else if (item.kind === 'lost') {
      const pcm = item.fecFrom === undefined ? decoder.conceal(samples) : decoder.decodeFec(item.fecFrom, samples);
      this.#framer.add(ofLength(pcm, samples), wallMs, durationMs);
    } else {
      this.#anchor = { rtpTimestamp: item.rtpTimestamp, wallMs };
      const pcm = decoder.decode(item.payload);
      const skip = Math.round(item.skipMs * SAMPLES_PER_MS);
      // A damaged packet still takes its time.
      const sound = ofLength(pcm.length === 0 ? decoder.conceal(samples) : pcm, samples);
      this.#framer.add(sound.subarray(skip), wallMs + item.skipMs, pcm.length === 0 ? durationMs - item.skipMs : 0);
    }
  }

  /** Tells of silence and loss as stretches, not as single packets. */
  #follow(item: Exclude<AudioItem, { kind: 'long-gap' }>): void {
    const reason = item.kind === 'packet' ? null : item.kind === 'dtx' ? 'dtx' : 'loss';
    const run = this.#run;
    if (run !== null && (run.reason !== reason || run.toMs - run.fromMs >= MAX_RUN_MS)) this.#endRun();
    if (reason === null) return;
    this.#run ??= { reason, fromMs: item.wallMs, toMs: item.wallMs };
    this.#run.toMs = item.wallMs + item.durationMs;
  }

  #endRun(): void {
    if (this.#run !== null) this.#sink.gap(this.#run.fromMs, this.#run.toMs, this.#run.reason);
    this.#run = null;
  }

  async #end(): Promise<void> {
    this.#endRun();
    await this.#give(this.#framer.flush());
    this.#resetVad();
  }

  async #give(framed: FramedPcm | null): Promise<void> {
    if (framed === null) return;
    const count = framed.pcm.length / VAD_FRAME_SAMPLES;
    const vad = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      vad[i] = await this.#judge(framed.pcm.subarray(i * VAD_FRAME_SAMPLES, (i + 1) * VAD_FRAME_SAMPLES));
    }
    this.#frames += count;
    this.#sink.audio(framed, vad, this.#anchor);
  }

  async #judge(frame: Float32Array): Promise<number> {
    if (rmsDbfs(frame) < QUIET_DBFS) {
      this.#resetVad();
      return 0;
    }
    this.#vadIsFresh = false;
    return this.#vad.process(frame);
  }

  #resetVad(): void {
    if (this.#vadIsFresh) return;
    this.#vad.reset();
    this.#vadIsFresh = true;
  }
}

/** A hostile packet may hold another length of sound than its header says: time goes by the header. */
function ofLength(pcm: Float32Array, samples: number): Float32Array {
  if (pcm.length === samples) return pcm;
  const fitted = new Float32Array(samples);
  fitted.set(pcm.subarray(0, samples));
  return fitted;
}
