/** The public face of the library. */
export { createUndertone } from './createUndertone.ts';
export { AnalyzerError } from './analyzer/AnalyzerLink.ts';
export type * from './UndertoneTypes.ts';
export type * from './observer/EmotionObserverTypes.ts';
export type * from './consent/ConsentTypes.ts';
export { ConsentError, type ConsentErrorCode } from './consent/ConsentError.ts';
export type { Purpose, PurposeOptions } from './consent/purpose.ts';
export type * from './consent/audit/AuditTypes.ts';
export { AuditError } from './consent/audit/AuditError.ts';
export { verifyAuditFile, type AuditReport, type VerifyOptions } from './consent/audit/verifyAuditFile.ts';
export type * from './transcript/TranscriptTypes.ts';
export {
  fileSource,
  parseTranscript,
  TranscriptFileError,
  TranscriptSegmentError,
  vttSource,
  type FileSourceOptions,
  type TranscriptFile,
} from './transcript/index.ts';
export type * from './events/contract/v1/types.ts';
export type * from './events/trace/TraceTypes.ts';
export { TraceLog, type TraceLogOptions } from './events/trace/TraceLog.ts';
export {
  analyzeMeeting,
  EVERYBODY,
  MeetingAnalyzer,
  ownView,
  type AnalyzerOptions,
  type ReportOptions,
  type ReportView,
} from './analytics/index.ts';
export { analyzeRecording, type RecordingOptions } from './recording/analyzeRecording.ts';
export type { VideoCodec } from './analyzer/protocol.ts';
export type { RecordedVideo } from './analyzer/recording-protocol.ts';
export {
  openRecordings,
  type OpenRecordings,
  type RecordedStep,
  type RecordedTrack,
  type RecordingInput,
  type RecordingListener,
  type RecordingResume,
  type RecordingRunOptions,
  type RecordingsOptions,
} from './recording/openRecordings.ts';
export type { RecordedEvent } from './recording/recorded-events.ts';
export { RecordingError } from './recording/RecordingError.ts';
export type { AggregateOptions } from './observer/aggregate/Aggregator.ts';
