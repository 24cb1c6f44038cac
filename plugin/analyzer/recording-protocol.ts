/** What the host and the child process that analyses recordings say to each other. */
import type { LabelSetOptions } from '../observer/EmotionObserverTypes.ts';
import type { AttributedSegment } from '../transcript/TranscriptTypes.ts';
import type { TraceBatch } from '../events/trace/TraceTypes.ts';
import type { AnalyzerOptions, AnalyzerSignal, ModelInfo, UtteranceResult, VideoCodec } from './protocol.ts';

/** A speaker's video, on the clock of the sound, in memory. */
export interface RecordedVideo {
  codec: VideoCodec;
  /** Access units in the order of time; the first is a key frame. */
  frames: { timeMs: number; data: Uint8Array }[];
}

export type RecordedFile = { path: string } | { bytes: Uint8Array };

/** One file: of one participant, or a container with a track for each. */
export interface RecordingInput {
  sound: RecordedFile;
  /** The video of the one participant, beginning with the sound: an IVF file, or access units. */
  video?: { path: string } | RecordedVideo;
}

/** What was found in the inputs: each is somebody's sound. */
export interface RecordedTrack {
  /** Place among the inputs. */
  input: number;
  /** Number of the sound track in its container, from 1; absent where the file has one sound. */
  track?: number;
  /** As the container names the track. */
  title?: string;
  lengthMs: number;
  hasVideo: boolean;
}

/** What an earlier run has done, so that this one goes on. */
export interface RecordingResume {
  /** How far, ms: the end of a step. */
  untilMs: number;
  /** For each participant, in the order of the tracks. */
  listeners: RecordingListener[];
}

/** How far the listening to one participant is. */
export interface RecordingListener {
  /** Speech probabilities, one a frame of 32 ms. */
  vad: Float32Array;
  /** What the speech detector remembers at the end of them. */
  memory: Float32Array;
}

export interface RecordingStart {
  /** In the order of the tracks. */
  participants: {
    participantId: string;
    /** Times in ms from the start of the recording; undefined when there is no transcript. */
    transcript?: AttributedSegment[];
  }[];
  /** Ids of utterances follow from it. */
  seed: string;
  /** Whether to tell what the windows do, and interim results. */
  trace: boolean;
  resume?: RecordingResume;
}

export type ToRecording =
  | { type: 'open'; options: AnalyzerOptions; labels: LabelSetOptions; inputs: RecordingInput[] }
  | { type: 'start'; start: RecordingStart };

/** A signal of one participant, with the time on the recording's clock at which it was made. */
export interface RecordedSignal {
  participantId: string;
  atMs: number;
  signal: Extract<AnalyzerSignal, { kind: 'start' | 'end' }> | { kind: 'final'; result: UtteranceResult };
}

export type FromRecording =
  | { type: 'opened'; tracks: RecordedTrack[]; notes: string[]; info: ModelInfo }
  /** An input cannot be used; the message is one sentence for the user. */
  | { type: 'unusable'; input: number; message: string }
  /**
   * All that is known up to `untilMs`, in the order of time. What was heard since the step before lets a later run go on from
   * here. While an earlier run is caught up with there are neither.
   */
  | { type: 'step'; untilMs: number; signals: RecordedSignal[]; listeners: RecordingListener[]; last: boolean }
  | { type: 'interim'; participantId: string; result: UtteranceResult }
  | { type: 'trace'; participantId: string; batch: TraceBatch }
  | { type: 'done' }
  | { type: 'fatal'; message: string };
