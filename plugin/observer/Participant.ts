import type { types as mediasoup } from 'mediasoup';
import type { AnalyzerLink } from '../analyzer/AnalyzerLink.ts';
import type { ModalityStates } from '../analyzer/protocol.ts';
import type { PerModality } from '../events/contract/v1/types.ts';
import type { RouterTap } from '../tap/RouterTap.ts';
import type { TrackTap } from '../tap/TrackTap.ts';

export interface ParticipantContext {
  readonly roomId: string;
  readonly link: AnalyzerLink;
  /** Undefined while nothing may or can be analysed: paused, closed, analyzer down. */
  tap(): RouterTap | undefined;
  consent(participantId: string): PerModality;
  /** Whether what gives the words has failed. */
  wordsFail(): boolean;
  /** What flows into the analyzer has changed. */
  changed(participantId: string): void;
  failed(participantId: string, error: Error): void;
}

/**
 * Brings what is tapped of one participant into line with what is allowed. Closing is at once; opening goes through the
 * SFU, so consent is looked at before and after it.
 */
export class Participant {
  readonly id: string;
  /** Grows with each withdrawal; results of an older epoch are not passed on. */
  epoch: number;
  readonly #context: ParticipantContext;
  readonly #producers = new Map<string, mediasoup.Producer>();
  readonly #taps = new Map<string, TrackTap>();
  #told = '';
  #flowing = '';
  #opening: Promise<void> = Promise.resolve();
  #closed = false;

  /** @param epoch higher than that of an earlier visit under the same id */
  constructor(id: string, context: ParticipantContext, epoch: number) {
    this.id = id;
    this.epoch = epoch;
    this.#context = context;
  }

  has(producerId: string): boolean {
    return this.#producers.has(producerId);
  }

  /** The track on which a producer's media goes to the analyzer; undefined while none does. */
  trackOf(producerId: string): string | undefined {
    return this.#taps.get(producerId)?.trackId;
  }

  /** What really flows into the analyzer. */
  get analysed(): PerModality {
    const flows = (kind: mediasoup.MediaKind) =>
      [...this.#taps.values()].some((tap) => tap.kind === kind && !tap.closed && !tap.muted);
    const working = this.#context.tap() !== undefined && this.#context.link.info !== undefined;
    return { audio: flows('audio'), video: flows('video'), text: working && this.#consent.text };
  }

  addProducer(producer: mediasoup.Producer): Promise<void> {
    this.#producers.set(producer.id, producer);
    return this.reconcile();
  }

  removeProducer(producerId: string): mediasoup.Producer | undefined {
    const producer = this.#producers.get(producerId);
    this.#producers.delete(producerId);
    this.#taps.get(producerId)?.close();
    this.#report();
    return producer;
  }

  /** Closes what is no longer allowed now, opens what is allowed next. Resolves when that is done. */
  reconcile(): Promise<void> {
    for (const [producerId, tap] of this.#taps) {
      if (!this.#wanted(producerId)) tap.close();
    }
    this.#report();
    this.#opening = this.#opening.then(() => this.#open());
    return this.#opening;
  }

  /** The analyzer has started anew, or is gone: it knows nothing of this participant. */
  reset(): void {
    for (const tap of [...this.#taps.values()]) tap.close();
    this.#told = '';
  }

  /** The participant has left. The analyzer is told by whoever closes. */
  close(): void {
    this.#closed = true;
    this.#producers.clear();
    this.reset();
  }

  get #consent(): PerModality {
    return this.#context.consent(this.id);
  }

  #wanted(producerId: string): boolean {
    const producer = this.#producers.get(producerId);
    if (this.#closed || !producer || producer.closed || this.#context.tap() === undefined) return false;
    return this.#consent[producer.kind];
  }

  async #open(): Promise<void> {
    for (const [producerId, producer] of [...this.#producers]) {
      const routerTap = this.#context.tap();
      if (!routerTap || this.#taps.has(producerId) || !this.#wanted(producerId)) continue;
      try {
        const tap = await routerTap.tap(producer, this.id, {
          muted: () => this.#report(),
          closed: () => {
            this.#taps.delete(producerId);
            this.#report();
          },
        });
        if (tap.closed) continue;
        this.#taps.set(producerId, tap);
        // Consent may have been withdrawn, or the analyzer replaced, while the SFU made the consumer.
        if (!this.#wanted(producerId) || this.#context.tap() !== routerTap) tap.close();
      } catch (error) {
        if (this.#wanted(producerId)) this.#context.failed(this.id, error as Error);
      }
    }
    this.#report();
  }

  /** Tells the analyzer and the room, if there is something to tell. */
  #report(): void {
    if (this.#closed) return;
    const states = this.#states();
    const told = JSON.stringify([this.epoch, states]);
    if (told !== this.#told && this.#context.link.info) {
      this.#told = told;
      this.#context.link.send({
        type: 'participant',
        roomId: this.#context.roomId,
        participantId: this.id,
        epoch: this.epoch,
        modalities: states,
      });
    }
    const flowing = JSON.stringify(this.analysed);
    if (flowing !== this.#flowing) {
      this.#flowing = flowing;
      this.#context.changed(this.id);
    }
  }

  #states(): ModalityStates {
    const consent = this.#consent;
    const media = (kind: mediasoup.MediaKind): ModalityStates['audio'] => {
      if (!consent[kind]) return { available: false, reason: 'no-consent' };
      const taps = [...this.#taps.values()].filter((tap) => tap.kind === kind && !tap.closed);
      if (taps.length === 0) return { available: false, reason: 'no-track' };
      if (taps.every((tap) => tap.muted)) return { available: false, reason: 'muted' };
      return { available: true };
    };
    return {
      audio: media('audio'),
      video: media('video'),
      text: consent.text
        ? { available: true, ...(this.#context.wordsFail() && { reason: 'source-failed' as const }) }
        : { available: false, reason: 'no-consent' },
    };
  }
}
