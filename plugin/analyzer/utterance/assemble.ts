import type { OperatorFunction } from 'rxjs';
import { Assembler, type AssemblerOptions } from './assembler.ts';
import { stage } from './stage.ts';
import type { MarkedEvent } from './StageTypes.ts';
import type { UtteranceSignal } from './UtteranceTypes.ts';

/**
 * Encodes the parts of utterances as they come, and makes results of them when they are due.
 *
 * Sound is encoded chunk by chunk while the participant speaks, faces when they are cut, words when they are final, with
 * the turns before them where the model looks back. In a lull the last sound is encoded, as if nothing followed. So a
 * closed utterance waits only for what is not yet encoded, which is nothing, as a rule. What cannot be encoded is left out and told as a reason; the utterance is delivered all the
 * same. When consent for a modality is withdrawn, everything of it is let go, and no revision follows of a result that
 * rested on it.
 *
 * The start is told when there has been speech for `minMs`, so that a burst which is discarded is never heard of.
 *
 * ```
 * input   --o--s--s--i--s--l--c--d--|   o: open, s: sound, i: interim due, l: lull, c: close, d: final due
 * output  -----S-----I--------E--F--|   S: start, I: interim, E: end, F: final
 * ```
 *
 * @example
 * marked.pipe(assemble({ participantId, encoder, maxMs: 12_000, minMs: 250, contextTurns: 0, encodeWaitMs: 5000, scheduler, counters })).subscribe(...)
 */
export function assemble<A, V, T>(
  options: AssemblerOptions<A, V, T>,
): OperatorFunction<MarkedEvent, UtteranceSignal<A, V, T>> {
  return stage((output) => new Assembler(options, output));
}
