import { EventEmitter } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import type { EmotionObserver } from '../../plugin/observer/EmotionObserverTypes.ts';
import { Participant, type ParticipantRole } from './Participant.ts';
import { RequestError } from './RequestError.ts';

/** Somebody who registered and has not come, or has left, is remembered this long: a page may be loaded again. */
const REMEMBERED_MS = 5 * 60_000;

export interface RoomLabels {
  /** Name of a shipped set, or what the model calls a set of one's own. */
  id?: string;
  labels: string[];
}

export interface RoomOptions {
  id: string;
  /** People, or the sample call. @default 'call' */
  source?: 'call' | 'sample';
  router: mediasoup.Router;
  server: mediasoup.WebRtcServer;
  observer: EmotionObserver;
  labels: RoomLabels;
  maxParticipants: number;
  /** How long the room stays open with nobody in it. */
  emptyGraceMs: number;
}

export interface RoomEvents {
  join: [Participant];
  leave: [Participant];
  producer: [Participant, mediasoup.Producer];
  producerclose: [Participant, producerId: string];
  producerpause: [Participant, producerId: string];
  producerresume: [Participant, producerId: string];
  /** Nobody has been here for the grace time. */
  empty: [];
  close: [reason: string];
}

/** A call: who is in it, what they send, and the observer of its router. */
export class Room extends EventEmitter<RoomEvents> {
  readonly id: string;
  readonly source: 'call' | 'sample';
  readonly router: mediasoup.Router;
  readonly server: mediasoup.WebRtcServer;
  readonly observer: EmotionObserver;
  labels: RoomLabels;
  readonly #options: RoomOptions;
  readonly #participants = new Map<string, Participant>();
  readonly #expiries = new Map<string, NodeJS.Timeout>();
  #emptyTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: RoomOptions) {
    super();
    this.#options = options;
    this.id = options.id;
    this.source = options.source ?? 'call';
    this.router = options.router;
    this.server = options.server;
    this.observer = options.observer;
    this.labels = options.labels;
    // The router goes when its worker dies.
    this.router.observer.once('close', () => this.close('worker-died'));
    this.#checkEmpty();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Those that the others see. */
  get visible(): Participant[] {
    return [...this.#participants.values()].filter(({ visible }) => visible);
  }

  /** Everybody in the call, viewers too. */
  get joinedCount(): number {
    return [...this.#participants.values()].filter(({ joined }) => joined).length;
  }

  /** Everybody who has a seat, whether they have come or not. */
  get participantIds(): string[] {
    return [...this.#participants.keys()];
  }

  participant(id: string): Participant | undefined {
    return this.#participants.get(id);
  }

  /**
   * Takes somebody in, not yet into the call.
   * @throws RequestError `full` when no seat is left
   */
  register(displayName: string, role: ParticipantRole, id?: string): Participant {
    const seats = [...this.#participants.values()].filter((one) => one.role !== 'sample');
    if (role !== 'sample' && seats.length >= this.#options.maxParticipants) {
      // Those who never came give way first.
      const waiting = seats.find(({ present }) => !present);
      if (!waiting) {
        throw new RequestError('full', `the room takes ${this.#options.maxParticipants} participants; try again later`);
      }
      this.#forget(waiting);
    }
    const participant = new Participant(displayName, role, id);
    this.#participants.set(participant.id, participant);
    if (role !== 'sample') this.#expireLater(participant);
    return participant;
  }

  /** Puts a participant into the call; whatever was theirs from before is closed. */
  join(participant: Participant): void {
    clearTimeout(this.#expiries.get(participant.id));
    clearTimeout(this.#emptyTimer);
    const again = participant.joined;
    participant.closeMedia();
    participant.joined = true;
    if (!again && participant.visible) {
      const { id, displayName } = participant;
      this.observer.addParticipant(id, { displayName });
      this.emit('join', participant);
    }
  }

  leave(participant: Participant): void {
    if (!participant.joined || this.#closed) return;
    const { visible } = participant;
    participant.closeMedia();
    participant.joined = false;
    // A new visit starts with a new question.
    this.observer.removeParticipant(participant.id);
    if (visible) this.emit('leave', participant);
    this.#absent(participant);
  }

  /** Somebody follows the room without being in the call: they are not forgotten, and the room stays open. */
  hold(participant: Participant): void {
    participant.holds += 1;
    clearTimeout(this.#expiries.get(participant.id));
    clearTimeout(this.#emptyTimer);
  }

  release(participant: Participant): void {
    participant.holds -= 1;
    if (!this.#closed) this.#absent(participant);
  }

  /** Forgets somebody who is not here; returns whether there was such a one. */
  dismiss(participantId: string): boolean {
    const participant = this.#participants.get(participantId);
    if (!participant || participant.present || participant.role === 'sample') return false;
    this.#forget(participant);
    return true;
  }

  /** Takes note of a new producer and tells the room what becomes of it. */
  addProducer(participant: Participant, producer: mediasoup.Producer): void {
    participant.producers.set(producer.id, producer);
    producer.observer.once('close', () => {
      participant.producers.delete(producer.id);
      if (!this.#closed) this.emit('producerclose', participant, producer.id);
    });
    producer.observer.on('pause', () => this.emit('producerpause', participant, producer.id));
    producer.observer.on('resume', () => this.emit('producerresume', participant, producer.id));
    this.emit('producer', participant, producer);
  }

  /** Whoever sends the producer, and the producer. */
  producer(producerId: string): { participant: Participant; producer: mediasoup.Producer } | undefined {
    for (const participant of this.#participants.values()) {
      const producer = participant.producers.get(producerId);
      if (producer) return { participant, producer };
    }
    return undefined;
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#emptyTimer);
    for (const timer of this.#expiries.values()) clearTimeout(timer);
    this.observer.close();
    this.router.close();
    this.#participants.clear();
    this.emit('close', reason);
  }

  #absent(participant: Participant): void {
    if (participant.present) return;
    this.#expireLater(participant);
    this.#checkEmpty();
  }

  #expireLater(participant: Participant): void {
    clearTimeout(this.#expiries.get(participant.id));
    const timer = setTimeout(() => this.#forget(participant), REMEMBERED_MS);
    timer.unref();
    this.#expiries.set(participant.id, timer);
  }

  #forget(participant: Participant): void {
    clearTimeout(this.#expiries.get(participant.id));
    this.#expiries.delete(participant.id);
    this.#participants.delete(participant.id);
    if (!this.#closed) this.observer.removeParticipant(participant.id);
  }

  #checkEmpty(): void {
    clearTimeout(this.#emptyTimer);
    if (this.#closed || [...this.#participants.values()].some(({ present }) => present)) return;
    this.#emptyTimer = setTimeout(() => this.emit('empty'), this.#options.emptyGraceMs);
    this.#emptyTimer.unref();
  }
}
