import { SAMPLE_RATE } from './audio-frames.ts';

/** Gathers frames of sound into chunks of one second. */
export class AudioChunks {
  #chunk: Float32Array<ArrayBuffer> = new Float32Array(SAMPLE_RATE);
  #filled = 0;

  /** @returns the chunk that these samples have filled, if they have; it is the caller's own */
  push(pcm: Float32Array): Float32Array<ArrayBuffer> | undefined {
    const room = SAMPLE_RATE - this.#filled;
    this.#chunk.set(pcm.subarray(0, room), this.#filled);
    if (pcm.length < room) {
      this.#filled += pcm.length;
      return undefined;
    }
    const full = this.#chunk;
    const rest = pcm.subarray(room);
    this.#chunk = new Float32Array(SAMPLE_RATE);
    this.#chunk.set(rest);
    this.#filled = rest.length;
    return full;
  }

  /** @returns what has been gathered since the last full chunk, if anything */
  flush(): Float32Array<ArrayBuffer> | undefined {
    if (this.#filled === 0) return undefined;
    const rest = this.#chunk.slice(0, this.#filled);
    this.#filled = 0;
    return rest;
  }
}
