import type { DurableEvent, Modality } from '../events/contract/v1/types.ts';

/** Remembers when who withdrew which modality, so that whatever gives out older results can ask once more. */
export class Withdrawals {
  readonly #upTo = new Map<string, Map<Modality, number>>();

  /** @param seq - number of the newest event at that moment */
  note(participantId: string, modalities: readonly Modality[], seq: number): void {
    const theirs = this.#upTo.get(participantId) ?? new Map<Modality, number>();
    for (const modality of modalities) theirs.set(modality, seq);
    this.#upTo.set(participantId, theirs);
  }

  /** Nothing older is left that could be given out. */
  forget(participantId: string): void {
    this.#upTo.delete(participantId);
  }

  /** Whether an event holds a result that rests on what was withdrawn after it. */
  covers(event: DurableEvent): boolean {
    if (event.type !== 'emotion.final') return false;
    const theirs = this.#upTo.get(event.participantId);
    if (!theirs) return false;
    return [...theirs].some(([modality, seq]) => event.seq <= seq && event.modalities[modality].used);
  }
}
