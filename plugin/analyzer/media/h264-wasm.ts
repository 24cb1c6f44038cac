import { createRequire } from 'node:module';
import { parseSpsSize } from '../rtp/h264-sps.ts';
import type { PictureSize } from '../rtp/h264-sps.ts';
import { splitAnnexB } from './annexb.ts';
import type { DecodeFailure, DecodeFailureCode, VideoDecoder, VideoFrame } from './video-decoder.ts';
import { isTooLarge, MAX_ACCESS_UNIT_BYTES, tooLarge } from './video-decoder.ts';
import type { WasmMemory } from './wasm.ts';
import { limitMemory } from './wasm.ts';

/** The public part of npm `h264decoder` (ISC): one instance holds one stream and its own WebAssembly memory. */
interface H264Core {
  readonly width: number;
  readonly height: number;
  readonly pic: Uint8Array;
  readonly memory: { readonly memory: WasmMemory };
  decode(nalUnit: Uint8Array): number;
}

const PICTURE_READY = 1;
const PARAMETER_SET_ERROR = 4;
const ALLOCATION_ERROR = 5;

/** Sixteen reference pictures of the largest size are never needed in a call; memory beyond this is a hostile stream's. */
const MAX_WASM_BYTES = 256 * 1024 * 1024;

/** Baseline and Main: the profile_idc of ITU-T H.264 annex A. */
const DECODABLE_PROFILES: readonly number[] = [66, 77];

const NAL_SLICE = 1;
const NAL_IDR_SLICE = 5;
const NAL_SEQUENCE_PARAMETERS = 7;

/**
 * H264 by `h264decoder`: Constrained Baseline, and Main streams that use nothing beyond it. Anything else is refused with
 * a failure that names the profile.
 *
 * @throws Error when the package is not installed.
 */
export function createH264WasmDecoder(): VideoDecoder {
  const require = createRequire(import.meta.url);
  const { H264Decoder } = require('h264decoder') as { H264Decoder: new () => H264Core };
  return new H264WasmDecoder(() => {
    const core = new H264Decoder();
    limitMemory(core.memory.memory, MAX_WASM_BYTES);
    return core;
  });
}

class H264WasmDecoder implements VideoDecoder {
  readonly codec = 'h264';
  readonly backend = 'h264decoder-wasm';
  readonly stats = { decoded: 0, hidden: 0, failed: 0, rebuilt: 0 };
  failure: DecodeFailure | null = null;
  readonly #createCore: () => H264Core;
  #core: H264Core | null;
  #size: PictureSize | null = null;
  #unsupported: string | null = null;

  constructor(createCore: () => H264Core) {
    this.#createCore = createCore;
    this.#core = createCore();
  }

  decode(unit: Uint8Array): VideoFrame | null {
    if (this.#core === null) return null;
    this.failure = null;
    if (unit.length > MAX_ACCESS_UNIT_BYTES) {
      return this.#fail(
        'too-large',
        `The access unit has ${unit.length} bytes; at most ${MAX_ACCESS_UNIT_BYTES} are decoded.`,
      );
    }
    let slices = 0;
    let ready = false;
    for (const nal of splitAnnexB(unit)) {
      const type = (nal[0] ?? 0) & 0x1f;
      if (type === NAL_SEQUENCE_PARAMETERS && !this.#acceptParameters(nal)) return null;
      if (type === NAL_SLICE || type === NAL_IDR_SLICE) {
        slices++;
        if (this.#unsupported !== null) return this.#fail('unsupported', this.#unsupported);
        if (this.#size === null) return this.#fail('corrupt', 'A picture came before its sequence parameter set.');
      }
      let code: number;
      try {
        code = this.#core.decode(nal);
      } catch (error) {
        this.#rebuild();
        return this.#fail('corrupt', `The decoder gave up on the stream: ${String(error)}`);
      }
      if (code === ALLOCATION_ERROR) {
        this.#rebuild();
        return this.#fail('too-large', 'The decoder could not get the memory that the stream asks for.');
      }
      if (code === PARAMETER_SET_ERROR) {
        return this.#fail('corrupt', 'The picture refers to a parameter set that was not received.');
      }
      if (code === PICTURE_READY) ready = true;
    }
    if (ready) return this.#takeFrame(this.#core, this.#size);
    if (slices > 0) return this.#fail('corrupt', 'The slices of the access unit make no whole picture.');
    this.stats.hidden++;
    return null;
  }

  close(): void {
    this.#core = null;
    this.#size = null;
  }

  /** Remembers the visible size, and refuses what would fail later with no word why, or eat the memory. */
  #acceptParameters(nal: Uint8Array): boolean {
    const size = parseSpsSize(nal);
    if (size === null) {
      this.#fail('corrupt', 'The sequence parameter set is damaged.');
      return false;
    }
    if (isTooLarge(size.width, size.height)) {
      this.#fail('too-large', tooLarge(size.width, size.height));
      return false;
    }
    this.#size = size;
    const profile = nal[1] ?? 0;
    this.#unsupported = DECODABLE_PROFILES.includes(profile)
      ? null
      : `H264 profile ${profile} is not decoded without the optional package node-av; offer profile-level-id 42e01f (Constrained Baseline) or install node-av.`;
    return true;
  }

  #takeFrame(core: H264Core, size: PictureSize | null): VideoFrame | null {
    const { width: codedWidth, height: codedHeight, pic } = core;
    const luma = codedWidth * codedHeight;
    const chroma = luma >> 2;
    // The picture may belong to an older parameter set than the one that was read last.
    const holds = size !== null && codedWidth >= size.width && codedHeight >= size.height;
    if (!holds || pic.length < luma + 2 * chroma) {
      return this.#fail('corrupt', 'The decoded picture does not have the size that the stream announced.');
    }
    this.stats.decoded++;
    // Encoders crop at the right and at the bottom, to get from whole macroblocks to the picture.
    return {
      ...size,
      format: 'i420',
      y: pic.subarray(0, luma),
      u: pic.subarray(luma, luma + chroma),
      v: pic.subarray(luma + chroma, luma + 2 * chroma),
      strideY: codedWidth,
      strideU: codedWidth >> 1,
      strideV: codedWidth >> 1,
    };
  }

  #rebuild(): void {
    this.stats.rebuilt++;
    this.#size = null;
    this.#core = this.#createCore();
  }

  #fail(code: DecodeFailureCode, message: string): null {
    this.stats.failed++;
    this.failure = { code, message };
    return null;
  }
}
