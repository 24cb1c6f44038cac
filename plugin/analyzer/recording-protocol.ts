/** What the host and the child process that analyses one recording say to each other. */
import type { LabelSetOptions } from '../observer/EmotionObserverTypes.ts';
import type { TranscriptSegment } from '../transcript/TranscriptTypes.ts';
import type { AnalyzerOptions, ModelInfo, UtteranceResult } from './protocol.ts';

export interface RecordingRequest {
  options: AnalyzerOptions;
  labels: LabelSetOptions;
  participantId: string;
  /** Mono, 16 kHz, -1 to 1. */
  pcm: Float32Array;
  /** Times in ms from the start of the recording; undefined when there is no transcript. */
  transcript?: TranscriptSegment[];
}

export type FromRecording =
  | { type: 'ready'; info: ModelInfo }
  | { type: 'progress'; doneMs: number }
  | { type: 'final'; result: UtteranceResult }
  | { type: 'done' }
  | { type: 'fatal'; message: string };
