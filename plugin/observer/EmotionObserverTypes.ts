import type { EventEmitter } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import type { ConsentActor, ConsentRegistry } from '../consent/ConsentTypes.ts';
import type { DurableEvent, EventOf, EventType, PerModality, UndertoneEvent } from '../events/contract/v1/types.ts';
import type { TraceBatch } from '../events/trace/TraceTypes.ts';
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
  /**
   * Number of the room's first event, for an app that keeps events across restarts.
   * @default the wall clock in ms, which lies above whatever a room of that id has given out before
   */
  firstSeq?: number;
  /**
   * Version of the notice that participants are shown. A yes then has to name it, and lapses when another comes into force
   * (`consent.setNotice()`).
   * @default the host app looks after notices itself
   */
  noticeVersion?: string;
  appData?: mediasoup.AppData;
}

/** What is known about a participant of the room right now. */
export interface ParticipantStatus {
  participantId: string;
  consent: PerModality;
  analysed: PerModality;
}

export interface ErasureOptions {
  /** Who asked for it. @default 'participant' */
  by?: ConsentActor;
}

/** What was kept about somebody and is not any more. */
export interface ErasedFromRoom {
  /** Durable events that `since()` would have given. */
  events: number;
  /** Utterances that everybody who has events of them was told to forget. */
  utterances: number;
}

/** Looks at what the windows do with one participant. */
export interface TraceListener {
  /** What has come since the batch before, a few times a second; not to be changed, others may have it too. */
  batch(batch: TraceBatch): void;
  /** Consent was withdrawn: everything that was told is to be forgotten. */
  retracted?(): void;
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
  /**
   * Words of a participant. Dropped unless they consent to `text`, and where it is not known whose they are.
   *
   * @returns whether they were taken
   * @throws TranscriptSegmentError naming the field that is wrong and what is allowed
   */
  pushTranscript(segment: TranscriptSegment): boolean;
  /**
   * Feeds the observer from a source until it ends or the observer closes. A segment that is none costs itself alone; a
   * source that throws, or gives no words for 30 s of its participants' speech, is told as an `analysis.state` of
   * `degraded` whose reason begins with `transcript:`, and ends with the next words.
   */
  addTranscriptSource(source: TranscriptSource): void;
  /** Asks another question from the next utterance on. */
  setLabels(options: LabelSetOptions): Promise<{ id: string; hash: string; labels: string[] }>;
  participants(): ParticipantStatus[];
  /** Durable events after `seq`, oldest first, as far back as they are kept (consent re-checked). */
  since(seq: number): DurableEvent[];
  /** Whether events after `seq` cannot be had any more. */
  lacks(seq: number): boolean;
  /** All events from now on; ends when the observer closes or `signal` aborts. */
  events(options?: { signal?: AbortSignal }): AsyncIterable<UndertoneEvent>;
  /**
   * Looks at what the windows do with a participant: level, speech, windows, words and face quality over time, as far as
   * they consent. The end of a window is told before its final result. Nothing is noted while nobody looks. `TraceLog` puts the batches together.
   *
   * @returns what ends it
   */
  trace(participantId: string, listener: TraceListener): () => void;
  /**
   * Tells the room that somebody has joined (`participant.joined`), also who sends nothing. Without it, a participant joins with
   * their first producer and without a name.
   */
  addParticipant(participantId: string, options?: { displayName?: string }): void;
  /**
   * For when a participant leaves the call: taps are closed, their consent ends, and the room is told (`participant.left`).
   * What they said last was said with consent: its result still comes.
   */
  removeParticipant(participantId: string): void;
  /**
   * Erases what is kept about a participant: consent is withdrawn first; then kept events, what waits for means, and what
   * the analyzer has in hand go; `emotion.retracted` with the reason `erased` tells everybody else to do the same. Who is
   * in the call stays in it, unanalysed until they consent anew.
   */
  eraseParticipant(participantId: string, options?: ErasureOptions): ErasedFromRoom;
  close(): void;
}
