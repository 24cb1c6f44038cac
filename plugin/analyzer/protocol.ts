/**
 * What the host process and the analyzer say to each other over the IPC channel. The two sides share this file and
 * the event contract, nothing else. Media never comes this way: RTP goes from the SFU to the analyzer over UDP.
 */
import type {
  LabelScore,
  LabelSetRef,
  Modalities,
  ModalityReason,
  PerModality,
  Span,
  Transcript,
  Trigger,
} from '../events/contract/v1/types.ts';
import type { LabelSetOptions } from '../observer/EmotionObserverTypes.ts';
import type { TraceBatch } from '../events/trace/TraceTypes.ts';
import type { AttributedSegment } from '../transcript/TranscriptTypes.ts';
import type { ProviderName, TranscriptOptions, UtteranceOptions } from '../UndertoneTypes.ts';

/** What the host's options and words are made of, for the analyzer's side. */
export type { AttributedSegment, LabelSetOptions, TranscriptOptions, UtteranceOptions };

export type VideoCodec = 'vp8' | 'vp9' | 'h264' | 'av1';
export type Codec = 'opus' | VideoCodec;

export interface AnalyzerOptions {
  provider: ProviderName;
  /** Folder of the model. */
  modelDir: string;
  /** Folder of the face detector and the VAD. */
  detectorsDir: string;
  utterance: UtteranceOptions;
  transcript: TranscriptOptions;
  videoFps: number;
  inferenceThreads: number;
}

export interface TrackSpec {
  trackId: string;
  tapId: string;
  roomId: string;
  participantId: string;
  kind: 'audio' | 'video';
  codec: Codec;
  payloadType: number;
  /** Hz. */
  clockRate: number;
  ssrc: number;
}

/** How a modality of a participant stands: flowing, or why not. */
export type ModalityStates = Record<keyof PerModality, { available: boolean; reason?: ModalityReason }>;

export type ToAnalyzer =
  | { type: 'init'; options: AnalyzerOptions }
  | { type: 'room.open'; requestId: number; roomId: string; labels: LabelSetOptions }
  | { type: 'room.labels'; requestId: number; roomId: string; labels: LabelSetOptions }
  | { type: 'room.close'; roomId: string }
  | { type: 'tap.open'; requestId: number; tapId: string; roomId: string }
  /** From here on only datagrams from this port of the loopback are taken. */
  | { type: 'tap.source'; tapId: string; port: number }
  | { type: 'tap.close'; tapId: string }
  | { type: 'track.add'; track: TrackSpec }
  | { type: 'track.remove'; trackId: string }
  | { type: 'track.pause'; trackId: string }
  | { type: 'track.resume'; trackId: string }
  /** `epoch` grows when consent is withdrawn; results carry the epoch of their utterance. */
  | { type: 'participant'; roomId: string; participantId: string; epoch: number; modalities: ModalityStates }
  | {
      type: 'participant.close';
      roomId: string;
      participantId: string;
      trigger: Extract<Trigger, 'mute' | 'leave' | 'consent' | 'pause'>;
      /** Throw away what is in flight instead of finishing it. */
      drop: boolean;
    }
  /** In wall time, or in the media time of the track. */
  | { type: 'words'; roomId: string; segment: AttributedSegment; trackId?: string }
  /** Whether to tell what the windows of a participant do. Holds for the participant, whatever their epoch. */
  | { type: 'trace'; roomId: string; participantId: string; on: boolean }
  | { type: 'shutdown' };

export interface ModelInfo {
  id: string;
  version: string;
  calibration: string;
  provider: string;
  /** Why this provider was taken. */
  providerReason: string;
  labelSets: { id: string; kind: string; labels: string[] }[];
  /** Which decoder serves each codec. */
  decoders: Partial<Record<Codec, string>>;
}

/** One result, ready to become an event but for the identity that the host adds. */
export interface UtteranceResult {
  utteranceId: string;
  revision: number;
  trigger: Trigger;
  span: Span;
  labels: LabelScore[];
  labelSet: LabelSetRef;
  sentiment: number;
  /** 0..1 each. */
  dimensions?: { valence?: number; arousal?: number; dominance?: number };
  confidence: number;
  abstained?: 'low-confidence' | 'no-modality';
  modalities: Modalities;
  transcript?: Transcript;
  timing: { queuedMs: number; inferMs: number; endToEndMs: number; batch: number };
}

export type AnalyzerSignal =
  | { kind: 'start'; utteranceId: string; startMs: number; trigger: 'speech' | 'words' }
  | { kind: 'end'; utteranceId: string; span: Span; trigger: Trigger }
  | { kind: 'interim' | 'final'; result: UtteranceResult };

export interface DropCounts {
  interims: number;
  frames: number;
  windows: number;
}

export type FromAnalyzer =
  | { type: 'ready'; info: ModelInfo }
  /** Cannot start, and starting again would not help. */
  | { type: 'fatal'; message: string }
  | { type: 'reply'; requestId: number; ok: true; value: unknown }
  | { type: 'reply'; requestId: number; ok: false; message: string; field?: string }
  | { type: 'keyframe'; roomId: string; trackId: string }
  /** Side of the face in the frames of this track, so that the tap can pick the simulcast layer. */
  | { type: 'face.size'; roomId: string; trackId: string; px: number }
  | { type: 'signal'; roomId: string; participantId: string; epoch: number; signal: AnalyzerSignal }
  /** What the windows have done since the message before. */
  | { type: 'trace'; roomId: string; participantId: string; epoch: number; batch: TraceBatch }
  /** After `participant.close` without `drop`: the last result of this participant has been sent. */
  | { type: 'participant.closed'; roomId: string; participantId: string }
  | { type: 'stats'; cpuPercent: number; rssBytes: number; tracks: number; dropped: DropCounts }
  /** How the recogniser is: why it gives no words, or undefined when it does. */
  | { type: 'recogniser'; trouble?: string }
  | { type: 'overload'; level: number; change: 'raised' | 'eased'; dropped: DropCounts }
  | { type: 'error'; code: string; message: string; retryable: boolean; roomId?: string; participantId?: string };
