/** Gathers frames of sound into the chunks that the encoder takes. */
export class AudioChunks {
  readonly #size: number;
  #chunk: Float32Array<ArrayBuffer>;
  #filled = 0;

  /** @param size samples of a full chunk, no fewer than those of a frame */
  constructor(size: number) {
    this.#size = size;
    this.#chunk = new Float32Array(size);
  }

  /** @returns the chunk that these samples have filled, if they have; it is the caller's own */
  push(pcm: Float32Array): Float32Array<ArrayBuffer> | undefined {
    const room = this.#size - this.#filled;
    this.#chunk.set(pcm.subarray(0, room), this.#filled);
    if (pcm.length < room) {
      this.#filled += pcm.length;
      return undefined;
    }
    const full = this.#chunk;
    const rest = pcm.subarray(room);
    this.#chunk = new Float32Array(this.#size);
    this.#chunk.set(rest);
    this.#filled = rest.length;
    return full;
  }

  /** @returns a copy of what has been gathered since the last full chunk, if anything */
  peek(): Float32Array<ArrayBuffer> | undefined {
    return this.#filled === 0 ? undefined : this.#chunk.slice(0, this.#filled);
  }

  /** @returns what has been gathered since the last full chunk, if anything; the next chunk begins */
  flush(): Float32Array<ArrayBuffer> | undefined {
    const rest = this.peek();
    this.#filled = 0;
    return rest;
  }
}
