import { cueSource, type FileSourceOptions } from './file-source.ts';
import type { TranscriptSource } from './TranscriptTypes.ts';
import { parseVtt } from './vtt.ts';

/** `participantOf` is given the name in `<v Name>`. */
export type VttSourceOptions = FileSourceOptions;

/**
 * The cues of a WebVTT file as final segments in wall time.
 *
 * @param text the file
 * @throws VttError when it is no WebVTT
 * @example
 * observer.addTranscriptSource(vttSource(text, { participantOf: (speaker) => idsByName[speaker ?? ''] }));
 */
export function vttSource(text: string, options: VttSourceOptions): TranscriptSource {
  return cueSource('webvtt', parseVtt(text), options);
}
