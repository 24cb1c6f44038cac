import type { OperatorFunction } from 'rxjs';
import { stage } from './stage.ts';
import type { AlignedEvent, WindowEvent } from './StageTypes.ts';
import { createCounters } from './counters.ts';
import type { UtteranceCounters } from './UtteranceTypes.ts';
import { WordAligner } from './word-aligner.ts';

/**
 * Gives every word to the utterance that it was spoken in.
 *
 * A word goes where it overlaps most, else to the nearest utterance within 500 ms. A word that comes before its sound
 * waits until that sound is there; after 15 s without an utterance it is dropped. A segment that comes again replaces
 * its older self. Each change of an utterance's words is told as a `text` event; `segment` events end here.
 *
 * ```
 * input   --o---s-----c--s'--|   o, c: utterance opens, closes; s, s': interim, final segment
 * output  --o---t-----c--t'--|   t: its words so far, t': its final words
 * ```
 *
 * @example
 * input.pipe(cutUtterances(options, randomUUID), alignWords()).subscribe(...)
 *
 * @param counters `wordsDropped` counts final words that found no utterance
 */
export function alignWords(
  counters: UtteranceCounters = createCounters(),
): OperatorFunction<WindowEvent, AlignedEvent> {
  return stage((output) => {
    const aligner = new WordAligner((event) => output.next(event), counters);
    return {
      next: (event) => aligner.accept(event),
      complete: () => {
        aligner.finish();
        output.complete();
      },
    };
  });
}
