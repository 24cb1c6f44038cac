import { Participant, type ParticipantContext } from './Participant.ts';

/** Who is in a room, and who has left it while results of theirs are still on their way. */
export class Roster {
  readonly #context: ParticipantContext;
  readonly #participants = new Map<string, Participant>();
  readonly #leaving = new Set<string>();
  /** Whom an event has told as joined. */
  readonly #told = new Set<string>();

  constructor(context: ParticipantContext) {
    this.#context = context;
  }

  /** All whose results are taken: those who are here and those who are leaving. */
  all(): IterableIterator<Participant> {
    return this.#participants.values();
  }

  get(participantId: string): Participant | undefined {
    return this.#participants.get(participantId);
  }

  /** The one who is here. Who comes back while leaving is new, and of a later epoch than before. */
  here(participantId: string): Participant {
    const known = this.#participants.get(participantId);
    if (known && !this.#leaving.delete(participantId)) return known;
    const participant = new Participant(participantId, this.#context, known ? known.epoch + 1 : 0);
    this.#participants.set(participantId, participant);
    return participant;
  }

  isLeaving(participantId: string): boolean {
    return this.#leaving.has(participantId);
  }

  leaving(): string[] {
    return [...this.#leaving];
  }

  leave(participant: Participant): void {
    this.#leaving.add(participant.id);
    participant.close();
  }

  forget(participantId: string): void {
    this.#leaving.delete(participantId);
    this.#participants.delete(participantId);
  }

  /** False when they have been told as joined already. */
  join(participantId: string): boolean {
    if (this.#told.has(participantId)) return false;
    this.#told.add(participantId);
    return true;
  }

  /** False when they have never been told as joined. */
  left(participantId: string): boolean {
    return this.#told.delete(participantId);
  }

  /** Has everybody look again at what of theirs is tapped. */
  async reconcile(): Promise<void> {
    await Promise.all([...this.#participants.values()].map((participant) => participant.reconcile()));
  }

  close(): void {
    for (const participant of this.#participants.values()) participant.close();
    this.#participants.clear();
  }
}
