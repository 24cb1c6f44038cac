import { VIDEO_CODECS } from '../rtp/index.ts';
import type { VideoCodec } from '../rtp/index.ts';
import { createH264WasmDecoder } from './h264-wasm.ts';
import { createNodeAvDecoder, loadNodeAv } from './node-av.ts';
import { createOgvWasmDecoder } from './ogv-wasm.ts';
import type { VideoDecoder } from './video-decoder.ts';

/** `auto` takes node-av where it is installed, else WebAssembly. */
export type VideoBackendChoice = 'auto' | 'wasm' | 'node-av';

export const VIDEO_BACKEND_CHOICES: readonly VideoBackendChoice[] = ['auto', 'wasm', 'node-av'];

export interface VideoDecoderOptions {
  /** @default 'auto' */
  readonly backend?: VideoBackendChoice;
}

/**
 * Opens a decoder for one stream.
 *
 * @throws TypeError when the codec or the backend is unknown.
 * @throws Error when 'node-av' is asked for and not installed.
 */
export async function createVideoDecoder(codec: VideoCodec, options: VideoDecoderOptions = {}): Promise<VideoDecoder> {
  if (!VIDEO_CODECS.includes(codec)) {
    throw new TypeError(`codec is '${String(codec)}'; allowed are ${VIDEO_CODECS.join(', ')}.`);
  }
  const backend = options.backend ?? 'auto';
  if (!VIDEO_BACKEND_CHOICES.includes(backend)) {
    throw new TypeError(`backend is '${String(backend)}'; allowed are ${VIDEO_BACKEND_CHOICES.join(', ')}.`);
  }
  if (backend === 'node-av' || (backend === 'auto' && (await loadNodeAv()) !== null)) return createNodeAvDecoder(codec);
  return codec === 'h264' ? createH264WasmDecoder() : createOgvWasmDecoder(codec);
}
