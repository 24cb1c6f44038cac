/** Where words come from. */
export type * from './TranscriptTypes.ts';
export {
  MAX_SEGMENT_CHARACTERS,
  MAX_SEGMENT_WORDS,
  parseSegment,
  toWallClock,
  TranscriptSegmentError,
} from './push-source.ts';
export { parseVtt, VttError, type VttCue } from './vtt.ts';
export { vttSource, type VttSourceOptions } from './vtt-source.ts';
export { fileSource, type FileSourceOptions } from './file-source.ts';
export { parseTranscript, type TranscriptFile } from './files/parse-transcript.ts';
export { TranscriptFileError } from './TranscriptFileError.ts';
