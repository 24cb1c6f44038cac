/** Hz, what the models hear. */
export const SAMPLE_RATE = 16_000;

/** The sound of one participant, from its beginning to its end. */
export interface Sound {
  /** How long it is, ms; a container may be a little off. */
  readonly lengthMs: number;
  /**
   * The next samples: mono, 16 kHz, -1..1.
   *
   * @returns exactly `samples` of them, fewer at the end, none after it
   * @throws RecordingFileError where the file is damaged
   */
  next(samples: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A file that is no recording, or none that can be read; the message is one sentence for the user. */
export class RecordingFileError extends Error {
  override readonly name: string = 'RecordingFileError';
}

/** Sound that comes in pieces of any length, in pieces of the length that is wanted. */
export class SoundQueue implements Sound {
  readonly lengthMs: number;
  readonly #pieces: AsyncIterator<Float32Array, void> | Iterator<Float32Array, void>;
  readonly #release: () => Promise<void> | void;
  #left: Float32Array = new Float32Array(0);

  /** @param release called once, when nothing more is wanted */
  constructor(
    lengthMs: number,
    pieces: AsyncIterator<Float32Array, void> | Iterator<Float32Array, void>,
    release: () => Promise<void> | void = () => undefined,
  ) {
    this.lengthMs = lengthMs;
    this.#pieces = pieces;
    this.#release = release;
  }

  async next(samples: number): Promise<Float32Array> {
    const wanted = new Float32Array(samples);
    let got = 0;
    while (got < samples) {
      if (this.#left.length === 0) {
        const piece = await this.#pieces.next();
        if (piece.done) break;
        this.#left = piece.value;
      }
      const part = this.#left.subarray(0, samples - got);
      wanted.set(part, got);
      got += part.length;
      this.#left = this.#left.subarray(part.length);
    }
    return got === samples ? wanted : wanted.slice(0, got);
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
    await this.#release();
  }
}
