import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { VideoCodec } from '../rtp/index.ts';
import type { DecodeFailure, DecodeFailureCode, VideoDecoder, VideoFrame } from './video-decoder.ts';
import { isTooLarge, MAX_ACCESS_UNIT_BYTES, tooLarge } from './video-decoder.ts';
import type { WasmImports, WasmInstance, WasmMemory, WasmModule } from './wasm.ts';
import { compileWasm, instantiateWasm, isWasmMemory, limitMemory } from './wasm.ts';

export type OgvCodec = Exclude<VideoCodec, 'h264'>;

/** The single-threaded builds of npm `ogv`; its libvpx has no SIMD build for VP8. */
const BUILDS: Readonly<Record<OgvCodec, string>> = {
  vp8: 'ogv-decoder-video-vp8-wasm',
  vp9: 'ogv-decoder-video-vp9-simd-wasm',
  av1: 'ogv-decoder-video-av1-simd-wasm',
};

/**
 * What one instance may hold. The largest allowed picture is 14 MB and AV1 keeps up to ten of them; a stream that wants
 * more is hostile or broken, and WebAssembly memory never shrinks.
 */
const MAX_WASM_BYTES = 256 * 1024 * 1024;

interface OgvPlane {
  readonly bytes: Uint8Array;
  readonly stride: number;
}

interface OgvFrame {
  readonly format: {
    readonly width: number;
    readonly height: number;
    readonly chromaWidth: number;
    readonly chromaHeight: number;
    readonly cropLeft: number;
    readonly cropTop: number;
    readonly cropWidth: number;
    readonly cropHeight: number;
  };
  readonly y: OgvPlane;
  readonly u: OgvPlane;
  readonly v: OgvPlane;
}

interface OgvModule {
  frameBuffer: OgvFrame | null;
  init(done: () => void): void;
  processFrame(data: Uint8Array, done: (ok: number) => void): void;
  recycleFrame(frame: OgvFrame): void;
  _ogv_video_decoder_destroy(): void;
}

interface OgvOptions {
  videoFormat: object;
  print(text: string): void;
  printErr(text: string): void;
  instantiateWasm(imports: WasmImports, receive: (instance: WasmInstance) => void): object;
}

type OgvFactory = (options: OgvOptions) => Promise<OgvModule>;

const require = createRequire(import.meta.url);
/** Compiling takes tens of milliseconds, so a thread does it once per codec; an instance takes one. */
const compiled = new Map<OgvCodec, Promise<WasmModule>>();

/**
 * VP8, VP9 (8 bit 4:2:0) and AV1 by the libvpx and dav1d builds in npm `ogv` (MIT and BSD), run in Node without a DOM.
 *
 * @throws Error when the package is not installed.
 */
export async function createOgvWasmDecoder(codec: OgvCodec): Promise<VideoDecoder> {
  let pending = compiled.get(codec);
  if (pending === undefined) {
    pending = readFile(require.resolve(`ogv/dist/${BUILDS[codec]}.wasm`)).then((bytes) => compileWasm(bytes));
    compiled.set(codec, pending);
    pending.catch(() => compiled.delete(codec));
  }
  const module = await pending;
  const factory = require(`ogv/dist/${BUILDS[codec]}.js`) as OgvFactory;
  const start = () => startCore(factory, module);
  return new OgvWasmDecoder(codec, start, await start());
}

async function startCore(factory: OgvFactory, module: WasmModule): Promise<OgvModule> {
  let memory: WasmMemory | undefined;
  const core = await factory({
    // The glue reads fields of the format it was told of, and takes an empty one for "not known yet".
    videoFormat: {},
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm: (imports, receive) => {
      const instance = instantiateWasm(module, imports);
      // Export names are minified, so the memory is found by its type.
      memory = Object.values(instance.exports).find(isWasmMemory);
      receive(instance);
      return instance.exports;
    },
  });
  if (memory === undefined) throw new Error('The ogv build exports no memory: install ogv 1.9.0.');
  limitMemory(memory, MAX_WASM_BYTES);
  core.init(() => undefined);
  return core;
}

class OgvWasmDecoder implements VideoDecoder {
  readonly backend = 'ogv-wasm';
  readonly codec: OgvCodec;
  readonly stats = { decoded: 0, hidden: 0, failed: 0, rebuilt: 0 };
  failure: DecodeFailure | null = null;
  readonly #start: () => Promise<OgvModule>;
  #core: OgvModule | null;
  #closed = false;

  constructor(codec: OgvCodec, start: () => Promise<OgvModule>, core: OgvModule) {
    this.codec = codec;
    this.#start = start;
    this.#core = core;
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
    const announced = this.codec === 'vp8' ? vp8PictureSize(unit) : null;
    if (announced !== null && isTooLarge(announced.width, announced.height)) return this.#failTooLarge(announced);
    if (this.#core === null) return this.#fail('corrupt', 'The decoder is being built anew after a damaged stream.');
    const module = this.#core;
    if (module.frameBuffer !== null) module.recycleFrame(module.frameBuffer);
    module.frameBuffer = null;
    let ok = 0;
    try {
      module.processFrame(unit, (result) => {
        ok = result;
      });
    } catch (error) {
      // A trap leaves the instance in an unknown state.
      this.#rebuild();
      return this.#fail('corrupt', `The decoder gave up on the stream: ${String(error)}`);
    }
    const frame = module.frameBuffer as OgvFrame | null;
    if (frame !== null) return this.#takeFrame(frame);
    if (ok === 0) return this.#fail('corrupt', 'The decoder refused the access unit.');
    this.stats.hidden++;
    return null;
  }

  close(): void {
    this.#closed = true;
    // Without a destroy the instance is garbage all the same; with it, its heap is free for what still refers to it.
    try {
      this.#core?._ogv_video_decoder_destroy();
    } catch {
      // A trapped instance cannot clean up after itself.
    }
    this.#core = null;
  }

  #takeFrame(frame: OgvFrame): VideoFrame | null {
    const { format } = frame;
    const { cropLeft, cropTop, cropWidth: width, cropHeight: height } = format;
    const subsampled =
      format.chromaWidth === (format.width + 1) >> 1 && format.chromaHeight === (format.height + 1) >> 1;
    if (!subsampled) {
      return this.#fail('unsupported', 'Only 4:2:0 pictures are decoded: offer VP9 profile 0 or AV1 profile 0.');
    }
    if (isTooLarge(width, height)) return this.#failTooLarge({ width, height });
    this.stats.decoded++;
    const chromaOffset = (plane: OgvPlane) => (cropTop >> 1) * plane.stride + (cropLeft >> 1);
    return {
      width,
      height,
      format: 'i420',
      y: frame.y.bytes.subarray(cropTop * frame.y.stride + cropLeft),
      u: frame.u.bytes.subarray(chromaOffset(frame.u)),
      v: frame.v.bytes.subarray(chromaOffset(frame.v)),
      strideY: frame.y.stride,
      strideU: frame.u.stride,
      strideV: frame.v.stride,
    };
  }

  #rebuild(): void {
    this.stats.rebuilt++;
    this.#core = null;
    this.#start().then(
      (core) => {
        if (!this.#closed) this.#core = core;
      },
      () => undefined, // It stays down: every decode() goes on to fail and is counted.
    );
  }

  #failTooLarge({ width, height }: PictureSize): null {
    return this.#fail('too-large', tooLarge(width, height));
  }

  #fail(code: DecodeFailureCode, message: string): null {
    this.stats.failed++;
    this.failure = { code, message };
    return null;
  }
}

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The size that a VP8 key frame header (RFC 6386, 9.1) announces; null for any other frame. */
function vp8PictureSize(unit: Uint8Array): PictureSize | null {
  const isKeyFrame = ((unit[0] ?? 1) & 1) === 0;
  if (!isKeyFrame || unit.length < 10) return null;
  const width = ((unit[6] ?? 0) | ((unit[7] ?? 0) << 8)) & 0x3fff;
  const height = ((unit[8] ?? 0) | ((unit[9] ?? 0) << 8)) & 0x3fff;
  return { width, height };
}
