import type { RecordingListener } from './recording-protocol.ts';
import type { Sound } from './recording/index.ts';
import { VAD_FRAME_SAMPLES as FRAME, type ResumableVad } from './speech/index.ts';

/** What was heard in a step. */
export interface Heard extends RecordingListener {
  /** Whole frames, the last one filled up with silence. */
  pcm: Float32Array;
}

/** One participant's sound, listened to step by step; where it has ended there is nothing. */
export class RecordingVoice {
  readonly #sound: Sound;
  readonly #vad: ResumableVad;
  /** What an earlier run has heard, from the beginning. */
  readonly #known: Float32Array;
  #frames = 0;

  constructor(sound: Sound, vad: ResumableVad, before?: RecordingListener) {
    this.#sound = sound;
    this.#vad = vad;
    this.#known = before?.vad ?? new Float32Array(0);
    if (before) vad.restore(before.memory);
  }

  /** @param samples a multiple of a frame */
  async listen(samples: number): Promise<Heard> {
    const sound = await this.#sound.next(samples);
    const frames = Math.ceil(sound.length / FRAME);
    let pcm = sound;
    if (sound.length < frames * FRAME) {
      pcm = new Float32Array(frames * FRAME);
      pcm.set(sound);
    }
    const vad = new Float32Array(frames);
    for (let i = 0; i < frames; i += 1) {
      const frame = pcm.subarray(i * FRAME, (i + 1) * FRAME);
      vad[i] = this.#known[this.#frames] ?? (await this.#vad.process(frame));
      this.#frames += 1;
    }
    return { pcm, vad, memory: this.#vad.memory() };
  }

  close(): Promise<void> {
    return this.#sound.close();
  }
}
