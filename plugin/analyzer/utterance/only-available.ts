import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import type { Modality } from '../../events/contract/v1/types.ts';
import { createCounters } from './counters.ts';
import type { UtteranceCounters, UtteranceInput } from './UtteranceTypes.ts';

const modalityOf: Partial<Record<UtteranceInput['kind'], Modality>> = {
  audio: 'audio',
  'audio.gap': 'audio',
  face: 'video',
  words: 'text',
};

/**
 * Lets data of a modality through only while that modality is available.
 *
 * Media and words travel by different ways than the word of consent or mute, so some arrive after it. This is the
 * gate that they do not pass. Everything is denied until a `modality` input allows it.
 *
 * ```
 * input   --a--A--a--a--N--a--|     a: audio, A: audio available, N: audio not available
 * output  -----A--a--a--N-----|
 * ```
 *
 * @example
 * input.pipe(onlyAvailable()).subscribe(...)
 *
 * @param counters `refused` counts what was held back
 */
export function onlyAvailable(
  counters: UtteranceCounters = createCounters(),
): MonoTypeOperatorFunction<UtteranceInput> {
  return (source) => {
    const available = new Set<Modality>();
    return source.pipe(
      filter((input) => {
        if (input.kind === 'modality') {
          if (input.available) available.add(input.modality);
          else available.delete(input.modality);
          return true;
        }
        const modality = modalityOf[input.kind];
        const passes = modality === undefined || available.has(modality);
        if (!passes) counters.refused += 1;
        return passes;
      }),
    );
  };
}
