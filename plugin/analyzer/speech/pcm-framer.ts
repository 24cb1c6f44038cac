import { VAD_FRAME_SAMPLES, VAD_SAMPLE_RATE } from './vad.ts';

const SAMPLES_PER_MS = VAD_SAMPLE_RATE / 1000;

/** Whole frames of sound. */
export interface FramedPcm {
  /** Wall time of the first sample, ms. */
  readonly startMs: number;
  /** A multiple of 512 samples at 16 kHz, in a buffer of its own. */
  readonly pcm: Float32Array<ArrayBuffer>;
  /** How much of it was made up in place of what was lost, ms. */
  readonly concealedMs: number;
}

/** Gathers sound of any length into frames of 512 samples, and keeps the wall time of each. */
export class PcmFramer {
  readonly #rest = new Float32Array(VAD_FRAME_SAMPLES);
  #restLength = 0;
  #pieces: Float32Array[] = [];
  #samples = 0;
  #startMs = 0;
  #nextMs = 0;
  #concealedMs = 0;

  /** Wall time at which the sound so far ends, ms; where nothing came yet, 0. */
  get endMs(): number {
    return this.#nextMs;
  }

  /** Adds sound that begins at `wallMs`, where the sound before it ended. */
  add(pcm: Float32Array, wallMs: number, concealedMs = 0): void {
    if (this.#restLength + this.#samples === 0) this.#startMs = wallMs;
    this.#pieces.push(pcm);
    this.#samples += pcm.length;
    this.#nextMs = wallMs + pcm.length / SAMPLES_PER_MS;
    this.#concealedMs += concealedMs;
  }

  /** The whole frames gathered so far; what is left waits for more. */
  take(): FramedPcm | null {
    const total = this.#restLength + this.#samples;
    const length = total - (total % VAD_FRAME_SAMPLES);
    return length === 0 ? null : this.#cut(length);
  }

  /** What is left, filled up with silence: the sound ends here. */
  flush(): FramedPcm | null {
    const missing = VAD_FRAME_SAMPLES - ((this.#restLength + this.#samples) % VAD_FRAME_SAMPLES);
    if (missing < VAD_FRAME_SAMPLES) this.add(new Float32Array(missing), this.#nextMs);
    return this.take();
  }

  #cut(length: number): FramedPcm {
    const all = new Float32Array(this.#restLength + this.#samples);
    all.set(this.#rest.subarray(0, this.#restLength));
    let at = this.#restLength;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    const framed = { startMs: this.#startMs, pcm: all.slice(0, length), concealedMs: this.#concealedMs };
    this.#restLength = all.length - length;
    this.#rest.set(all.subarray(length));
    // The rest is of the sound added last, whose time is the best known.
    this.#startMs = this.#nextMs - this.#restLength / SAMPLES_PER_MS;
    this.#pieces = [];
    this.#samples = 0;
    this.#concealedMs = 0;
    return framed;
  }
}
