import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parseOpus } from '../rtp/index.ts';
import type { WasmMemory, WasmModule } from './wasm.ts';
import { compileWasm, instantiateWasm } from './wasm.ts';

export const OPUS_SAMPLE_RATE = 16000;

/** The longest frame of a packet, 120 ms (RFC 6716, 2.1.4). */
const MAX_SAMPLES = (OPUS_SAMPLE_RATE * 120) / 1000;
/** libopus takes durations in steps of 2.5 ms. */
const STEP_SAMPLES = OPUS_SAMPLE_RATE / 400;
/** 120 ms in frames of 20 ms, each of at most 1275 bytes (RFC 6716, 3.2.5), and the length bytes between them. */
const MAX_PACKET_BYTES = 6 * 1275 + 32;
const INT16_SCALE = 1 / 32768;

export interface OpusDecoderStats {
  /** Packets that gave audio. */
  decoded: number;
  /** Packets that libopus refused, or that were empty or too long: concealed by the caller. */
  failed: number;
  /** Samples that were recovered from the in-band FEC of a later packet. */
  fecSamples: number;
  /** Samples that were made up by packet loss concealment. */
  concealedSamples: number;
}

/** Decodes one Opus stream (RFC 6716) to 16 kHz mono, -1..1, whatever rate and channels were sent. */
export interface OpusDecoder {
  readonly stats: Readonly<OpusDecoderStats>;
  /** The audio of one packet; empty when the packet is damaged. Never throws on bad media. */
  decode(packet: Uint8Array): Float32Array;
  /**
   * The lost audio just before `nextPacket`, out of the low-bitrate copy that it may carry (in-band FEC, RFC 6716, 2.1.7);
   * what that copy does not cover is concealed.
   *
   * @param samples How much was lost, samples; rounded down to 2.5 ms, at most 120 ms.
   */
  decodeFec(nextPacket: Uint8Array, samples: number): Float32Array;
  /**
   * Audio in place of what was lost, made up from what came before (packet loss concealment); it fades out.
   *
   * @param samples Rounded down to 2.5 ms, at most 120 ms.
   */
  conceal(samples: number): Float32Array;
  close(): void;
}

/** libopus as exported by npm `@evan/opus` (MIT; BSD for libopus), which its JavaScript does not show in full. */
interface OpusExports {
  readonly memory: WasmMemory;
  _initialize?(): void;
  malloc(bytes: number): number;
  opus_decoder_get_size(channels: number): number;
  opus_decoder_init(decoder: number, rate: number, channels: number): number;
  opus_decode(decoder: number, data: number, bytes: number, pcm: number, samples: number, fec: number): number;
}

let compiled: Promise<WasmModule> | undefined;

/**
 * Opens a decoder in a WebAssembly instance of its own, so that a damaged stream cannot touch another participant's.
 *
 * @throws Error when the package is not installed or this machine's WebAssembly lacks SIMD.
 */
export async function createOpusDecoder(): Promise<OpusDecoder> {
  compiled ??= readFile(createRequire(import.meta.url).resolve('@evan/opus/wasm/simd.wasm')).then((bytes) =>
    compileWasm(bytes),
  );
  try {
    return new WasmOpusDecoder(await compiled);
  } catch (error) {
    compiled = undefined;
    throw error;
  }
}

class WasmOpusDecoder implements OpusDecoder {
  readonly stats = { decoded: 0, failed: 0, fecSamples: 0, concealedSamples: 0 };
  readonly #module: WasmModule;
  #core: OpusCore | null;

  constructor(module: WasmModule) {
    this.#module = module;
    this.#core = startCore(module);
  }

  decode(packet: Uint8Array): Float32Array {
    const pcm = packet.length === 0 ? null : this.#run(packet, MAX_SAMPLES, false);
    if (pcm === null) {
      this.stats.failed++;
      return new Float32Array(0);
    }
    this.stats.decoded++;
    return pcm;
  }

  decodeFec(nextPacket: Uint8Array, samples: number): Float32Array {
    const wanted = wholeSteps(samples);
    if (parseOpus(nextPacket)?.fec !== true) return this.conceal(wanted);
    const pcm = wanted === 0 ? null : this.#run(nextPacket, wanted, true);
    if (pcm === null) return this.conceal(wanted);
    this.stats.fecSamples += pcm.length;
    return pcm;
  }

  conceal(samples: number): Float32Array {
    const wanted = wholeSteps(samples);
    this.stats.concealedSamples += wanted;
    if (wanted === 0) return new Float32Array(0);
    return this.#run(null, wanted, false) ?? new Float32Array(wanted);
  }

  close(): void {
    this.#core = null;
  }

  /** Null when libopus refuses the packet. A trap ends the instance, and the next call works on a new one. */
  #run(packet: Uint8Array | null, samples: number, fec: boolean): Float32Array | null {
    if (this.#core === null || (packet !== null && packet.length > MAX_PACKET_BYTES)) return null;
    const { wasm, decoder, packetAt, pcmAt } = this.#core;
    let count: number;
    try {
      if (packet !== null) new Uint8Array(wasm.memory.buffer, packetAt, packet.length).set(packet);
      count = wasm.opus_decode(
        decoder,
        packet === null ? 0 : packetAt,
        packet?.length ?? 0,
        pcmAt,
        samples,
        fec ? 1 : 0,
      );
    } catch {
      this.#core = startCore(this.#module);
      return null;
    }
    if (count <= 0 || count > MAX_SAMPLES) return null;
    const pcm = new Float32Array(count);
    const integers = new Int16Array(wasm.memory.buffer, pcmAt, count);
    for (let i = 0; i < count; i++) pcm[i] = integers[i]! * INT16_SCALE;
    return pcm;
  }
}

interface OpusCore {
  readonly wasm: OpusExports;
  readonly decoder: number;
  readonly packetAt: number;
  readonly pcmAt: number;
}

function startCore(module: WasmModule): OpusCore {
  const nothing = () => 0;
  const instance = instantiateWasm(module, {
    wasi_snapshot_preview1: { fd_seek: nothing, fd_write: nothing, fd_close: nothing, proc_exit: nothing },
    env: { emscripten_notify_memory_growth: nothing },
  });
  const wasm = instance.exports as unknown as OpusExports;
  wasm._initialize?.();
  const decoder = wasm.malloc(wasm.opus_decoder_get_size(1));
  const packetAt = wasm.malloc(MAX_PACKET_BYTES);
  const pcmAt = wasm.malloc(MAX_SAMPLES * Int16Array.BYTES_PER_ELEMENT);
  const failed = decoder === 0 || packetAt === 0 || pcmAt === 0;
  if (failed || wasm.opus_decoder_init(decoder, OPUS_SAMPLE_RATE, 1) !== 0) {
    throw new Error('libopus could not start: @evan/opus 1.0.3 is expected.');
  }
  return { wasm, decoder, packetAt, pcmAt };
}

function wholeSteps(samples: number): number {
  const bounded = Math.min(MAX_SAMPLES, Math.max(0, samples));
  return Math.floor(bounded / STEP_SAMPLES) * STEP_SAMPLES;
}
