import type { Modality, PerModality } from '../events/contract/v1/types.ts';

export const MODALITIES: readonly Modality[] = ['audio', 'video', 'text'];

/** What somebody has said to one question. */
interface Answer {
  allowed: boolean;
  /** To which notice. */
  noticeVersion: string | undefined;
}

/** What the participants of one room have answered, for as long as they are in it. */
export class Answers {
  readonly #byParticipant = new Map<string, Map<Modality, Answer>>();

  get participants(): string[] {
    return [...this.#byParticipant.keys()];
  }

  allowed(participantId: string): PerModality {
    const theirs = this.#byParticipant.get(participantId);
    const isAllowed = (modality: Modality) => theirs?.get(modality)?.allowed === true;
    return { audio: isAllowed('audio'), video: isAllowed('video'), text: isAllowed('text') };
  }

  has(participantId: string, modality: Modality): boolean {
    return this.#byParticipant.get(participantId)?.has(modality) === true;
  }

  set(participantId: string, modalities: readonly Modality[], answer: Answer): void {
    const theirs = this.#byParticipant.get(participantId) ?? new Map<Modality, Answer>();
    for (const modality of modalities) theirs.set(modality, answer);
    this.#byParticipant.set(participantId, theirs);
  }

  /** Whoever has allowed something under another notice, and what. */
  toOtherNotices(version: string): [participantId: string, modalities: Modality[]][] {
    return [...this.#byParticipant].flatMap(([participantId, theirs]) => {
      const modalities = MODALITIES.filter((modality) => {
        const answer = theirs.get(modality);
        return answer?.allowed === true && answer.noticeVersion !== version;
      });
      return modalities.length > 0 ? [[participantId, modalities]] : [];
    });
  }

  /** They are asked anew. */
  forget(participantId: string, modalities: readonly Modality[] = MODALITIES): void {
    const theirs = this.#byParticipant.get(participantId);
    for (const modality of modalities) theirs?.delete(modality);
    if (theirs?.size === 0) this.#byParticipant.delete(participantId);
  }
}
