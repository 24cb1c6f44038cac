import type { OperatorFunction } from 'rxjs';
import { stage } from './stage.ts';
import type { TimedInput, WindowEvent } from './StageTypes.ts';
import { UtteranceCutter, type CutOptions } from './utterance-cutter.ts';

/**
 * Cuts a participant's sound and words into utterances.
 *
 * Speech opens an utterance, with 200 ms of sound from before it; silence closes it, with 64 ms of it, and so do final
 * words that cover it, a long gap, mute, leaving, or its maximum length: then it is split at the quietest point of its
 * last 2 s, and goes on as a new one without loss of sound. A burst that is too short is discarded unless it has words or
 * is voiced: a back-channel ("mhm") is an utterance, a cough is none. Where there is no sound to go by, words open and
 * close utterances. No two of them overlap.
 *
 * ```
 * input   --SSSSSSSS..........SS..........|   S: speech, .: silence
 * output  --o----------l--c---o------d----|   o: open, l: lull, c: close, d: discard (sound in between)
 * ```
 *
 * @example
 * input.pipe(audioFrames(), markSpeech(), timeWords(Date.now), cutUtterances(options, randomUUID)).subscribe(...)
 *
 * @param newId gives each utterance its id
 */
export function cutUtterances(options: CutOptions, newId: () => string): OperatorFunction<TimedInput, WindowEvent> {
  return stage((output) => {
    const cutter = new UtteranceCutter(options, newId, (event) => output.next(event));
    return {
      next: (input) => cutter.accept(input),
      complete: () => {
        cutter.finish();
        output.complete();
      },
    };
  });
}
