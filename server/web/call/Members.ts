import { Store } from '../../../client/Store.ts';
import type { Member } from './CallState.ts';
import type { Received } from './Receiver.ts';

type Kind = 'audio' | 'video';

/** The others in the call and what of theirs arrives. */
export class Members {
  readonly list = new Store<readonly Member[]>([]);
  /** Names of all who have been here: the transcript outlives their stay. */
  readonly names = new Map<string, string>();
  /** Whose a producer is, and which of their two. */
  readonly #producers = new Map<string, { participantId: string; kind: Kind }>();

  reset(members: readonly Pick<Member, 'participantId' | 'displayName' | 'sample'>[]): void {
    this.#producers.clear();
    for (const { participantId, displayName } of members) this.names.set(participantId, displayName);
    this.list.set(members.map((member) => ({ ...member, audioPaused: false, videoPaused: false })));
  }

  add({ participantId, displayName, sample }: Pick<Member, 'participantId' | 'displayName' | 'sample'>): void {
    this.remove(participantId);
    this.names.set(participantId, displayName);
    const member = { participantId, displayName, sample, audioPaused: false, videoPaused: false };
    this.list.update((members) => [...members, member]);
  }

  remove(participantId: string): void {
    this.list.update((members) => members.filter((member) => member.participantId !== participantId));
  }

  /** Nothing arrives any more; who was here stays listed. */
  release(): void {
    this.#producers.clear();
    this.list.update((members) => members.map((member) => ({ ...member, audio: undefined, video: undefined })));
  }

  /** A producer that is about to be received: what happens to it from now on is noted. */
  expect(producerId: string, participantId: string, kind: Kind): void {
    this.#producers.set(producerId, { participantId, kind });
  }

  receives(producerId: string, { track, paused }: Received): void {
    this.#change(producerId, (kind) =>
      kind === 'audio' ? { audio: track, audioPaused: paused } : { video: track, videoPaused: paused },
    );
  }

  setPaused(producerId: string, paused: boolean): void {
    this.#change(producerId, (kind) => (kind === 'audio' ? { audioPaused: paused } : { videoPaused: paused }));
  }

  closed(producerId: string): void {
    this.#change(producerId, (kind) => (kind === 'audio' ? { audio: undefined } : { video: undefined }));
    this.#producers.delete(producerId);
  }

  /** Whether the producer has not been closed since it was expected. */
  knows(producerId: string): boolean {
    return this.#producers.has(producerId);
  }

  #change(producerId: string, to: (kind: Kind) => Partial<Member>): void {
    const producer = this.#producers.get(producerId);
    if (!producer) return;
    this.list.update((members) =>
      members.map((member) =>
        member.participantId === producer.participantId ? { ...member, ...to(producer.kind) } : member,
      ),
    );
  }
}
