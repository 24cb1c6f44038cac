/** What flows between the operators of a pipeline, stage by stage. */
import type { Span, Trigger } from '../../events/contract/v1/types.ts';
import type {
  AudioGapInput,
  AudioInput,
  CloseInput,
  FaceInput,
  ModalityInput,
  TickInput,
  UtteranceInput,
  WordsInput,
} from './UtteranceTypes.ts';

/** 32 ms of sound. */
export interface AudioFrame {
  kind: 'frame';
  startMs: number;
  endMs: number;
  /** 512 samples, a view of the input. */
  pcm: Float32Array;
  /** Speech probability. */
  p: number;
  concealedMs: number;
}

/** After `audioFrames`. */
export type FramedInput = Exclude<UtteranceInput, AudioInput> | AudioFrame;

/** A frame with the judgement whether the participant speaks in it. */
export interface SpeechFrame extends AudioFrame {
  speech: boolean;
  /** Where the run of speech that this frame belongs to began; it may reach back over frames judged silent before. */
  sinceMs: number;
}

/** After `markSpeech`. */
export type SpokenInput = Exclude<FramedInput, AudioFrame> | SpeechFrame;

export interface TimedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A segment whose words all have a place in time. */
export interface TimedSegment {
  readonly kind: 'segment';
  readonly segmentId: string;
  readonly final: boolean;
  readonly text: string;
  readonly lang?: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly arrivalMs: number;
  /** In the order of time, none of no length. */
  readonly words: readonly TimedWord[];
  /** False where the times of the words are estimates. */
  readonly exact: boolean;
}

/** After `timeWords`. */
export type TimedInput = Exclude<SpokenInput, WordsInput> | TimedSegment;

export interface OpenEvent {
  kind: 'open';
  utteranceId: string;
  startMs: number;
  trigger: 'speech' | 'words';
}

/** Sound of an utterance, each frame once and in order. */
export interface SoundEvent {
  kind: 'sound';
  utteranceId: string;
  startMs: number;
  endMs: number;
  pcm: Float32Array;
  speech: boolean;
  concealedMs: number;
}

/** The participant has fallen silent: all sound so far has been told, and if nothing follows the utterance is over. */
export interface LullEvent {
  kind: 'lull';
  utteranceId: string;
}

export interface CloseEvent {
  kind: 'close';
  utteranceId: string;
  span: Span;
  trigger: Trigger;
}

export interface DiscardEvent {
  kind: 'discard';
  utteranceId: string;
}

/** The data reach up to this time. */
export interface ProgressEvent {
  kind: 'progress';
  atMs: number;
}

/** After `cutUtterances`. */
export type WindowEvent =
  | OpenEvent
  | SoundEvent
  | LullEvent
  | CloseEvent
  | DiscardEvent
  | ProgressEvent
  | TimedSegment
  | FaceInput
  | ModalityInput;

/** The words of one utterance, as one text. */
export interface UtteranceText {
  readonly text: string;
  readonly lang?: string;
  readonly words: readonly TimedWord[];
  /** False where the times of the words are estimates. */
  readonly exact: boolean;
}

/** The words of an utterance have changed, or whether more of them are to be expected. */
export interface TextEvent {
  kind: 'text';
  utteranceId: string;
  /** From final segments alone; null where there are none. */
  final: UtteranceText | null;
  /** From interim segments as well. */
  live: UtteranceText | null;
  /** More final words are due: something is interim or undecided, or no word reaches the end of the utterance. */
  awaitsWords: boolean;
}

export interface AlignedCloseEvent extends CloseEvent {
  awaitsWords: boolean;
}

/** After `alignWords`. */
export type AlignedEvent =
  | OpenEvent
  | SoundEvent
  | LullEvent
  | AlignedCloseEvent
  | DiscardEvent
  | ProgressEvent
  | TextEvent
  | FaceInput
  | ModalityInput;

/** The result of an utterance is due: its first, or one that later words have changed. */
export interface DeliverEvent {
  kind: 'deliver';
  utteranceId: string;
}

/** No more results of this utterance will be asked for. */
export interface ForgetEvent {
  kind: 'forget';
  utteranceId: string;
}

/** After `scheduleFinals`. */
export type ScheduledEvent = AlignedEvent | DeliverEvent | ForgetEvent;

/** An interim result of the open utterance is due. */
export interface InterimEvent {
  kind: 'interim';
  utteranceId: string;
  atMs: number;
}

/** After `markInterims`. */
export type MarkedEvent = ScheduledEvent | InterimEvent;

export type { AudioGapInput, CloseInput, TickInput };
