import type { VideoCodec } from '../rtp/index.ts';

/** Who decodes: two permissive WebAssembly builds, or the FFmpeg binding that an operator may install. */
export type VideoBackend = 'ogv-wasm' | 'h264decoder-wasm' | 'node-av';

/**
 * A decoded picture, 8-bit planar YUV 4:2:0, limited range.
 *
 * The planes may be views into the decoder's own memory: they are valid until the next `decode()` or `close()` of the
 * decoder that gave them. Copy (or crop) what must live longer.
 */
export interface VideoFrame {
  /** Visible picture, pixels. */
  readonly width: number;
  readonly height: number;
  readonly format: 'i420';
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  /** Bytes from one row to the next, per plane. */
  readonly strideY: number;
  readonly strideU: number;
  readonly strideV: number;
}

export type DecodeFailureCode =
  /** The bitstream is damaged, or refers to pictures that were never decoded: ask for a key frame. */
  | 'corrupt'
  /** The stream is sound, but this backend cannot decode its profile or pixel format. */
  | 'unsupported'
  /** The picture is larger than {@link MAX_FRAME_PIXELS} or the access unit than {@link MAX_ACCESS_UNIT_BYTES}. */
  | 'too-large';

export interface DecodeFailure {
  readonly code: DecodeFailureCode;
  readonly message: string;
}

export interface VideoDecoderStats {
  /** Access units that gave a picture. */
  decoded: number;
  /** Access units that were accepted and show nothing (a hidden reference picture, parameter sets alone). */
  hidden: number;
  /** Access units that were refused. */
  failed: number;
  /** Times the decoder was built anew after its WebAssembly instance trapped or grew beyond its limit. */
  rebuilt: number;
}

/** One decoder decodes one stream, synchronously, on the calling thread. */
export interface VideoDecoder {
  readonly codec: VideoCodec;
  readonly backend: VideoBackend;
  readonly stats: Readonly<VideoDecoderStats>;
  /** Why the last `decode()` gave no picture; null when it succeeded or the unit was hidden. */
  readonly failure: DecodeFailure | null;
  /**
   * Decodes one access unit: a VP8 or VP9 frame, an H264 access unit in Annex B form, or an AV1 temporal unit with
   * obu_size fields. Never throws on bad media: such a unit gives null, and `failure` says why.
   */
  decode(unit: Uint8Array): VideoFrame | null;
  /** Frees the decoder's memory. `decode()` gives null afterwards. */
  close(): void;
}

/** 4096x2304, the largest picture of H264 level 5.1; a hostile header can ask for 4 billion pixels. */
export const MAX_FRAME_PIXELS = 4096 * 2304;

/** Longer sides are no camera's, and cost more than their pixels: decoders keep wide borders. */
export const MAX_FRAME_SIDE = 4096;

export function isTooLarge(width: number, height: number): boolean {
  return width * height > MAX_FRAME_PIXELS || Math.max(width, height) > MAX_FRAME_SIDE;
}

/** What is said of such a picture. */
export function tooLarge(width: number, height: number): string {
  return `The picture is ${width}x${height}; at most ${MAX_FRAME_PIXELS} pixels and ${MAX_FRAME_SIDE} a side are decoded.`;
}

/** The input buffer of the smallest decoder (h264decoder); a key frame of a call stays far below it. */
export const MAX_ACCESS_UNIT_BYTES = 1024 * 1024;
