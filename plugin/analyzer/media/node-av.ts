import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { VideoCodec } from '../rtp/index.ts';
import type { DecodeFailure, DecodeFailureCode, VideoDecoder, VideoFrame } from './video-decoder.ts';
import { isTooLarge, MAX_ACCESS_UNIT_BYTES, MAX_FRAME_PIXELS, tooLarge } from './video-decoder.ts';

/** FFmpeg's software decoders. Its own `av1` decoder needs hardware, dav1d does not. */
const DECODERS: Readonly<Record<VideoCodec, string>> = { vp8: 'vp8', vp9: 'vp9', h264: 'h264', av1: 'libdav1d' };

/** The part of npm `node-av` that is used, written down here because the package is an optional peer. */
interface NodeAv {
  Codec: { findDecoderByName(name: string): object | null };
  CodecContext: new () => AvCodecContext;
  Packet: new () => AvPacket;
  Frame: new () => AvFrame;
  AVERROR_EAGAIN: number;
  AV_PIX_FMT_YUV420P: number;
  AV_PIX_FMT_YUVJ420P: number;
  AV_LOG_QUIET: number;
  Log: { setLevel(level: number): void };
}

interface AvCodecContext {
  threadCount: number;
  allocContext3(codec: object): void;
  setOption(name: string, value: string): number;
  open2Sync(codec: object): number;
  sendPacketSync(packet: AvPacket): number;
  receiveFrameSync(frame: AvFrame): number;
  freeContext(): void;
}

interface AvPacket {
  data: Buffer | null;
  alloc(): void;
  unref(): void;
  free(): void;
}

interface AvFrame {
  readonly width: number;
  readonly height: number;
  readonly format: number;
  readonly linesize: number[];
  /** Not 0 when FFmpeg covered up damage. */
  readonly decodeErrorFlags: number;
  readonly data: Buffer[] | null;
  alloc(): void;
  free(): void;
}

let loading: Promise<NodeAv | null> | undefined;

/**
 * The optional package `node-av`, or null where it is not installed. It is looked for beside the application that
 * installed this plugin, and where the environment variable UNDERTONE_NODE_AV points (a folder that holds the package).
 */
export function loadNodeAv(): Promise<NodeAv | null> {
  loading ??= importNodeAv();
  return loading;
}

async function importNodeAv(): Promise<NodeAv | null> {
  const elsewhere = process.env['UNDERTONE_NODE_AV'];
  const from = elsewhere === undefined ? import.meta.url : pathToFileURL(`${elsewhere}/package.json`);
  try {
    const entry = createRequire(from).resolve('node-av');
    const av = (await import(pathToFileURL(entry).href)) as NodeAv;
    // FFmpeg reports every damaged frame on stderr, once per frame.
    av.Log.setLevel(av.AV_LOG_QUIET);
    return av;
  } catch {
    return null;
  }
}

/**
 * Any codec by the FFmpeg binding `node-av`: five times as fast as WebAssembly, and H264 in all 8-bit 4:2:0 profiles. The binary
 * contains GPL code, so it is never a dependency: an operator installs it.
 *
 * @throws Error when the package is not installed or its FFmpeg lacks the decoder.
 */
export async function createNodeAvDecoder(codec: VideoCodec): Promise<VideoDecoder> {
  const av = await loadNodeAv();
  if (av === null) {
    throw new Error(
      "The video backend 'node-av' is not installed: run `npm install node-av` (its binary is GPLv3), or use 'wasm'.",
    );
  }
  return new NodeAvDecoder(av, codec);
}

class NodeAvDecoder implements VideoDecoder {
  readonly backend = 'node-av';
  readonly codec: VideoCodec;
  readonly stats = { decoded: 0, hidden: 0, failed: 0, rebuilt: 0 };
  failure: DecodeFailure | null = null;
  readonly #av: NodeAv;
  #context: AvCodecContext;
  readonly #packet: AvPacket;
  #frame: AvFrame;
  /** Receiving clears the frame received into, even when nothing comes: so the one that was given out stays aside. */
  #spare: AvFrame;
  #closed = false;

  constructor(av: NodeAv, codec: VideoCodec) {
    this.codec = codec;
    this.#av = av;
    this.#context = open(av, DECODERS[codec]);
    this.#packet = new av.Packet();
    this.#packet.alloc();
    this.#frame = new av.Frame();
    this.#frame.alloc();
    this.#spare = new av.Frame();
    this.#spare.alloc();
  }

  decode(unit: Uint8Array): VideoFrame | null {
    if (this.#closed) return null;
    this.failure = null;
    if (unit.length === 0) return this.#fail('corrupt', 'The access unit is empty.');
    if (unit.length > MAX_ACCESS_UNIT_BYTES) {
      return this.#fail(
        'too-large',
        `The access unit has ${unit.length} bytes; at most ${MAX_ACCESS_UNIT_BYTES} are decoded.`,
      );
    }
    this.#packet.data = Buffer.from(unit.buffer, unit.byteOffset, unit.byteLength);
    const sent = this.#context.sendPacketSync(this.#packet);
    this.#packet.unref();
    if (sent < 0 && sent !== this.#av.AVERROR_EAGAIN) {
      return this.#fail('corrupt', `FFmpeg refused the access unit (error ${sent}).`);
    }
    // A unit may show several pictures (spatial layers, superframes): the last is the one to look at.
    let received = this.#context.receiveFrameSync(this.#spare);
    let frame: VideoFrame | null = null;
    while (received >= 0) {
      [this.#frame, this.#spare] = [this.#spare, this.#frame];
      frame = this.#takeFrame();
      received = this.#context.receiveFrameSync(this.#spare);
    }
    if (frame !== null) {
      this.stats.decoded++;
      return frame;
    }
    if (this.failure !== null) return null;
    if (received !== this.#av.AVERROR_EAGAIN)
      return this.#fail('corrupt', `FFmpeg gave no picture (error ${received}).`);
    this.stats.hidden++;
    return null;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#frame.free();
    this.#spare.free();
    this.#packet.free();
    this.#context.freeContext();
  }

  #takeFrame(): VideoFrame | null {
    const { width, height, format, linesize, data, decodeErrorFlags } = this.#frame;
    if (decodeErrorFlags !== 0) return this.#fail('corrupt', `FFmpeg covered up damage (flags ${decodeErrorFlags}).`);
    const [y, u, v] = data ?? [];
    const [strideY, strideU, strideV] = linesize;
    const planar420 = format === this.#av.AV_PIX_FMT_YUV420P || format === this.#av.AV_PIX_FMT_YUVJ420P;
    if (!planar420 || !y || !u || !v || !strideY || !strideU || !strideV) {
      return this.#fail(
        'unsupported',
        'Only 8-bit 4:2:0 pictures are decoded: offer profile 0 or an H264 profile up to High.',
      );
    }
    if (isTooLarge(width, height)) return this.#fail('too-large', tooLarge(width, height));
    return { width, height, format: 'i420', y, u, v, strideY, strideU, strideV };
  }

  /**
   * Damage sticks: dav1d refuses all that follows, and the H264 decoder holds pictures back once it took them for reordered.
   * What comes next must be a key frame anyway.
   */
  #rebuild(): void {
    this.#context.freeContext();
    this.#context = open(this.#av, DECODERS[this.codec]);
    this.stats.rebuilt++;
  }

  #fail(code: DecodeFailureCode, message: string): null {
    if (code === 'corrupt') this.#rebuild();
    this.stats.failed++;
    this.failure = { code, message };
    return null;
  }
}

function open(av: NodeAv, name: string): AvCodecContext {
  const decoder = av.Codec.findDecoderByName(name);
  if (decoder === null) throw new Error(`The FFmpeg in node-av has no decoder named '${name}'.`);
  const context = new av.CodecContext();
  context.allocContext3(decoder);
  // One thread and low delay: with more, FFmpeg holds back a frame per thread.
  context.threadCount = 1;
  context.setOption('flags', 'low_delay');
  context.setOption('max_pixels', String(MAX_FRAME_PIXELS));
  const opened = context.open2Sync(decoder);
  if (opened < 0) {
    context.freeContext();
    throw new Error(`FFmpeg could not open its decoder '${name}' (error ${opened}).`);
  }
  return context;
}
