/** The public face of the library. */
export { createUndertone } from './createUndertone.ts';
export { AnalyzerError } from './analyzer/AnalyzerLink.ts';
export type * from './UndertoneTypes.ts';
export type * from './observer/EmotionObserverTypes.ts';
export type * from './consent/ConsentTypes.ts';
export type * from './transcript/TranscriptTypes.ts';
export type * from './events/contract/v1/types.ts';
export { analyzeRecording, RecordingError, type RecordingOptions } from './recording/analyzeRecording.ts';
