import type { ObservableInput } from 'rxjs';
import type {
  Modalities,
  Modality,
  ModalityReason,
  Span,
  Transcript,
  Trigger,
} from '../../events/contract/v1/types.ts';
import type { AnalyzerOptions } from '../protocol.ts';

export type UtteranceOptions = AnalyzerOptions['utterance'];

/** Sound of the participant: `k` frames of 512 samples at 16 kHz, on a timeline without holes. */
export interface AudioInput {
  kind: 'audio';
  /** Wall time of the first sample. */
  startMs: number;
  /** Mono, -1..1, length `k * 512`. */
  pcm: Float32Array;
  /** Speech probability of each frame, length `k`. */
  vad: Float32Array;
  /** How much of it the decoder had to make up. */
  concealedMs: number;
}

/** A stretch for which no sound came. Silence may still be delivered for it as `audio`. */
export interface AudioGapInput {
  kind: 'audio.gap';
  fromMs: number;
  toMs: number;
  reason: 'dtx' | 'loss' | 'long-gap';
}

export interface FaceCrop {
  /** RGB, `size * size * 3` bytes. */
  pixels: Uint8Array;
  size: number;
  /** 0 (useless) to 1. */
  quality: number;
  reasons: string[];
}

/** One sampled video frame: its face, or null where none was found. */
export interface FaceInput {
  kind: 'face';
  atMs: number;
  face: FaceCrop | null;
}

/** A transcript segment of this participant, with its times (where it has any) in wall ms. */
export interface WordsSegment {
  participantId: string;
  /** The same id replaces the segment. */
  segmentId: string;
  text: string;
  final: boolean;
  startMs?: number;
  endMs?: number;
  words?: readonly { text: string; startMs: number; endMs: number }[];
  /** BCP 47. */
  lang?: string;
}

export interface WordsInput {
  kind: 'words';
  segment: WordsSegment;
}

/** What becomes of a modality. Until the first of these a modality counts as denied. */
export interface ModalityInput {
  kind: 'modality';
  modality: Modality;
  available: boolean;
  reason?: ModalityReason;
}

/** Time goes on although no media flows. */
export interface TickInput {
  kind: 'tick';
  atMs: number;
}

export type CloseTrigger = Extract<Trigger, 'mute' | 'leave' | 'consent' | 'pause' | 'shutdown'>;

/** Ends the open utterance, if there is one. */
export interface CloseInput {
  kind: 'close';
  trigger: CloseTrigger;
  atMs: number;
}

/** Everything that a participant's pipeline is fed with. All times are wall ms at the SFU. */
export type UtteranceInput =
  AudioInput | AudioGapInput | FaceInput | WordsInput | ModalityInput | TickInput | CloseInput;

/**
 * What turns the parts of an utterance into tokens. The types of the tokens are the encoder's own business.
 * A failure costs the utterance that modality (or part of it), never the utterance.
 */
export interface UtteranceEncoder<A = unknown, V = unknown, T = unknown> {
  /** Samples at 16 kHz of a full chunk of sound: as many as `encodeAudio` takes at once. @default 16000 */
  readonly chunkSamples?: number;
  /** A chunk of sound; the last one of an utterance is shorter. The array is the encoder's to keep or transfer. */
  encodeAudio(pcm: Float32Array<ArrayBuffer>): ObservableInput<A>;
  /** The pixels of one face crop; likewise the encoder's. */
  encodeFace(pixels: Uint8Array): ObservableInput<V>;
  encodeText(text: string): ObservableInput<T>;
}

/** A face that an utterance rests on. */
export interface UtteranceFace<V> {
  readonly atMs: number;
  readonly quality: number;
  readonly tokens: V;
}

/** One stretch of one participant's speech, with everything that the fusion needs. */
export interface Utterance<A = unknown, V = unknown, T = unknown> {
  utteranceId: string;
  participantId: string;
  span: Span;
  trigger: Trigger;
  modalities: Modalities;
  transcript?: Transcript;
  /** One entry per chunk, in order; absent where sound took no part. */
  audio?: A[];
  /** In the order of time; absent where video took no part. */
  vision?: UtteranceFace<V>[];
  text?: T;
}

export type UtteranceSignal<A = unknown, V = unknown, T = unknown> =
  | { kind: 'start'; utteranceId: string; startMs: number; trigger: 'speech' | 'words' }
  /** What is known by now of an utterance that goes on. */
  | { kind: 'interim'; utterance: Utterance<A, V, T>; revision: number }
  /** Revision 0 follows the end of every utterance; higher ones follow where later words change it. */
  | { kind: 'final'; utterance: Utterance<A, V, T>; revision: number }
  | { kind: 'end'; utteranceId: string; span: Span; trigger: Trigger };

/** What a pipeline had to leave out, since it was made. */
export interface UtteranceCounters {
  /** Inputs of a modality that was not available. */
  refused: number;
  /** Audio frames that came after their time. */
  lateFrames: number;
  /** Words that belong to no utterance. */
  wordsDropped: number;
  /** Encodings that failed or took too long. */
  encodingsFailed: number;
  /** Finals not sent because consent for all they rest on was withdrawn. */
  withheld: number;
}
