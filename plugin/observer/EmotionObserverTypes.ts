import type { EventEmitter } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import type { ConsentRegistry } from '../consent/ConsentTypes.ts';
import type { EventOf, EventType, PerModality, UndertoneEvent } from '../events/contract/v1/types.ts';
import type { TranscriptSegment, TranscriptSource } from '../transcript/TranscriptTypes.ts';

/** A label set given at run time: plain names, or names with the prompt that asks for them. */
export type LabelSpec = string[] | { name: string; prompt?: string; value?: number }[];

export interface LabelSetOptions {
  /** A shipped set (`big6`, `goemotions`, `meeting`) or labels of your own. */
  labels: string | LabelSpec;
  /** Whether one label holds at a time or several may. @default 'single' */
  kind?: 'single' | 'multi';
}

export interface AttachOptions {
  roomId: string;
  /**
   * Names the participant behind a producer; `undefined` leaves the producer alone.
   * Identity comes from here, never from what a client says.
   */
  resolveParticipant: (producer: mediasoup.Producer) => string | undefined;
  /** @default 'big6' */
  labels?: string | LabelSpec;
  /** @default 'single' for labels of your own */
  labelKind?: 'single' | 'multi';
  appData?: mediasoup.AppData;
}

/** What is known about a participant of the room right now. */
export interface ParticipantStatus {
  participantId: string;
  consent: PerModality;
  analysed: PerModality;
}

/** Every contract event under its own name, and all of them as `event`. */
export type EmotionObserverEvents = { [T in EventType as T extends 'error' ? never : T]: [EventOf<T>] } & {
  event: [UndertoneEvent];
  routerclose: [];
  listenererror: [eventName: string, error: Error];
  '@close': [];
};

export type EmotionObserverObserverEvents = {
  close: [];
  pause: [];
  resume: [];
  addproducer: [mediasoup.Producer];
  removeproducer: [mediasoup.Producer];
};

/** Looks like a mediasoup `RtpObserver`: one per router, closed with it. */
export interface EmotionObserver extends EventEmitter<EmotionObserverEvents> {
  readonly id: string;
  readonly roomId: string;
  readonly closed: boolean;
  readonly paused: boolean;
  appData: mediasoup.AppData;
  readonly observer: EventEmitter<EmotionObserverObserverEvents>;
  readonly consent: ConsentRegistry;
  /** When the observer was attached, wall ms: zero of the `room` clock. */
  readonly startedAtMs: number;
  /** Sequence number of the newest durable event. */
  readonly seq: number;
  /** Producers made after attaching are found by themselves; this is for those that were there before. */
  addProducer(options: { producer: mediasoup.Producer }): Promise<void>;
  removeProducer(options: { producerId: string }): Promise<void>;
  /** Stops analysing; taps are closed, consent stays. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Words of a participant. Dropped unless they consent to `text`. */
  pushTranscript(segment: TranscriptSegment): void;
  /** Feeds the observer from a source until it ends or the observer closes. */
  addTranscriptSource(source: TranscriptSource): void;
  /** Asks another question from the next utterance on. */
  setLabels(options: LabelSetOptions): Promise<{ id: string; hash: string; labels: string[] }>;
  participants(): ParticipantStatus[];
  /** Durable events after `seq`, oldest first, as far back as they are kept (consent re-checked). */
  since(seq: number): UndertoneEvent[];
  /** All events from now on; ends when the observer closes or `signal` aborts. */
  events(options?: { signal?: AbortSignal }): AsyncIterable<UndertoneEvent>;
  /** Forgets a participant: consent is withdrawn, taps closed. For when they leave the call. */
  removeParticipant(participantId: string): void;
  close(): void;
}
