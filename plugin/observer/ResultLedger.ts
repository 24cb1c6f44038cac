import type { Modality, Modalities } from '../events/contract/v1/types.ts';

/** Utterances remembered for each participant; an older one can no longer be retracted by id. */
const REMEMBERED = 10_000;

/** Remembers which utterances were told of and what each rests on, so that they can be taken back. */
export class ResultLedger {
  readonly #byParticipant = new Map<string, Map<string, Set<Modality>>>();

  /** Notes that something was said about an utterance. Without `modalities`: that it exists. */
  note(participantId: string, utteranceId: string, modalities?: Modalities): void {
    let utterances = this.#byParticipant.get(participantId);
    if (!utterances) {
      utterances = new Map<string, Set<Modality>>();
      this.#byParticipant.set(participantId, utterances);
    }
    let used = utterances.get(utteranceId);
    if (!used) {
      used = new Set<Modality>();
      utterances.set(utteranceId, used);
      if (utterances.size > REMEMBERED) utterances.delete(utterances.keys().next().value!);
    }
    for (const modality of ['audio', 'video', 'text'] as const) {
      if (modalities?.[modality].used) used.add(modality);
    }
  }

  /**
   * Takes out the utterances that rest on any of these modalities, and with them those of which no result came yet.
   * @returns their ids, oldest first
   */
  retract(participantId: string, modalities: readonly Modality[]): string[] {
    const utterances = this.#byParticipant.get(participantId);
    if (!utterances) return [];
    const retracted = [...utterances]
      .filter(([, used]) => used.size === 0 || modalities.some((modality) => used.has(modality)))
      .map(([utteranceId]) => utteranceId);
    for (const utteranceId of retracted) utterances.delete(utteranceId);
    return retracted;
  }

  /** Everything of theirs that was told of and not taken back, oldest first. */
  utterances(participantId: string): string[] {
    return [...(this.#byParticipant.get(participantId)?.keys() ?? [])];
  }

  forget(participantId: string): void {
    this.#byParticipant.delete(participantId);
  }
}
