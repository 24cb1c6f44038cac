import type { OperatorFunction } from 'rxjs';
import { stage } from './stage.ts';
import type { FramedInput } from './StageTypes.ts';
import { createCounters } from './counters.ts';
import type { AudioInput, UtteranceCounters, UtteranceInput } from './UtteranceTypes.ts';

export const SAMPLE_RATE = 16_000;
export const FRAME_SAMPLES = 512;
export const FRAME_MS = (FRAME_SAMPLES * 1000) / SAMPLE_RATE;

/** A hole of this length breaks an utterance. */
export const LONG_GAP_MS = 1000;

/**
 * Cuts sound into frames of 32 ms, each with its time and speech probability.
 *
 * The times never go back: a frame that lies wholly in what was already delivered is dropped as late, one that overlaps
 * a little (the clock being corrected) is moved up. A hole is told as `audio.gap`. Other inputs pass unchanged.
 *
 * ```
 * input   --A----------A--|     A: 64 ms of sound
 * output  --(ff)-------(ff)|
 * ```
 *
 * @example
 * input.pipe(audioFrames()).subscribe(...)
 *
 * @param counters `lateFrames` counts what was dropped
 */
export function audioFrames(
  counters: UtteranceCounters = createCounters(),
): OperatorFunction<UtteranceInput, FramedInput> {
  return stage((output) => {
    let reachedMs = -Infinity;

    const cut = (input: AudioInput): void => {
      const count = Math.min(Math.floor(input.pcm.length / FRAME_SAMPLES), input.vad.length);
      for (let i = 0; i < count; i += 1) {
        const nominalMs = input.startMs + i * FRAME_MS;
        if (!Number.isFinite(nominalMs) || nominalMs + FRAME_MS < reachedMs + FRAME_MS / 2) {
          counters.lateFrames += 1;
          continue;
        }
        if (reachedMs !== -Infinity && nominalMs - reachedMs >= FRAME_MS) {
          const reason = nominalMs - reachedMs > LONG_GAP_MS ? 'long-gap' : 'loss';
          output.next({ kind: 'audio.gap', fromMs: reachedMs, toMs: nominalMs, reason });
        }
        const startMs = Math.max(nominalMs, reachedMs);
        reachedMs = startMs + FRAME_MS;
        const p = input.vad[i] ?? 0;
        output.next({
          kind: 'frame',
          startMs,
          endMs: reachedMs,
          pcm: input.pcm.subarray(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES),
          p: Number.isFinite(p) ? p : 0,
          concealedMs: input.concealedMs / count,
        });
      }
    };

    return { next: (input) => (input.kind === 'audio' ? cut(input) : output.next(input)) };
  });
}
