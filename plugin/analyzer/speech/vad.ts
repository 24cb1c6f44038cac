import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Samples a frame: 32 ms at 16 kHz. */
export const VAD_FRAME_SAMPLES = 512;
export const VAD_SAMPLE_RATE = 16000;
export const VAD_FRAME_MS = (VAD_FRAME_SAMPLES / VAD_SAMPLE_RATE) * 1000;

/** The model also sees the end of the frame before. */
const CONTEXT_SAMPLES = 64;
const STATE_SHAPE = [2, 1, 128] as const;
const STATE_VALUES = 2 * 128;

/** Speech detection for one audio track. Frames must be given in order, each after the one before was answered. */
export interface Vad {
  /**
   * Probability, 0..1, that somebody speaks in the frame.
   *
   * @param frame 512 samples at 16 kHz, -1..1.
   * @throws RangeError when the frame has another length.
   */
  process(frame: Float32Array): Promise<number>;
  /** Forgets what was heard: for use after a gap. */
  reset(): void;
}

/** Speech detection that can go on where another stands. */
export interface ResumableVad extends Vad {
  /** What it remembers, as a copy: `restore` takes it up exactly where this one stands. */
  memory(): Float32Array;
  /** @throws RangeError where it is no memory of such a detector */
  restore(memory: Float32Array): void;
}

export interface VadModel {
  createVad(): ResumableVad;
  close(): Promise<void>;
}

/**
 * Loads Silero VAD, once a thread; each track gets its own state by `createVad()`.
 *
 * @param modelPath models/detectors/silero_vad_16k_op15.onnx: input [1, 576], state [2, 1, 128], sr.
 */
export async function loadVad(modelPath: string): Promise<VadModel> {
  const session = await InferenceSession.create(modelPath, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    extra: { session: { 'intra_op.allow_spinning': '0' } },
  });
  return { createVad: () => new SileroVad(session), close: () => session.release() };
}

class SileroVad implements ResumableVad {
  readonly #session: InferenceSession;
  readonly #rate = new Tensor('int64', BigInt64Array.of(BigInt(VAD_SAMPLE_RATE)), []);
  readonly #input = new Float32Array(CONTEXT_SAMPLES + VAD_FRAME_SAMPLES);
  #state: Float32Array = new Float32Array(STATE_VALUES);

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  async process(frame: Float32Array): Promise<number> {
    if (frame.length !== VAD_FRAME_SAMPLES) {
      throw new RangeError(
        `The frame has ${frame.length} samples; it must have ${VAD_FRAME_SAMPLES} (32 ms at 16 kHz).`,
      );
    }
    this.#input.copyWithin(0, VAD_FRAME_SAMPLES);
    this.#input.set(frame, CONTEXT_SAMPLES);
    const { output, stateN } = await this.#session.run({
      input: new Tensor('float32', this.#input, [1, this.#input.length]),
      state: new Tensor('float32', this.#state, STATE_SHAPE),
      sr: this.#rate,
    });
    const state = stateN?.data;
    const probability = output?.data[0];
    if (!(state instanceof Float32Array) || typeof probability !== 'number') {
      throw new Error(
        'The VAD model has no outputs named output and stateN: use models/detectors/silero_vad_16k_op15.onnx.',
      );
    }
    this.#state = state;
    return probability;
  }

  reset(): void {
    this.#input.fill(0);
    this.#state = new Float32Array(STATE_VALUES);
  }

  memory(): Float32Array {
    const memory = new Float32Array(this.#input.length + STATE_VALUES);
    memory.set(this.#input);
    memory.set(this.#state, this.#input.length);
    return memory;
  }

  restore(memory: Float32Array): void {
    if (memory.length !== this.#input.length + STATE_VALUES) {
      throw new RangeError(
        `The memory has ${memory.length} values; it must have ${this.#input.length + STATE_VALUES}.`,
      );
    }
    this.#input.set(memory.subarray(0, this.#input.length));
    this.#state = memory.slice(this.#input.length);
  }
}
