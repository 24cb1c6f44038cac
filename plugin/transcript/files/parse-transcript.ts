import { TranscriptFileError } from '../TranscriptFileError.ts';
import type { TranscriptCue } from '../TranscriptTypes.ts';
import { parseVtt } from '../vtt.ts';
import { limitCue } from './limit-cue.ts';
import { parseJson } from './parse-json.ts';
import { looksLikeSrt, parseSrt } from './srt.ts';

export interface TranscriptFile {
  /** `WebVTT`, `SRT`, `Whisper`, `whisper.cpp`, `Vexa`, `Deepgram` or `Amazon Transcribe`. */
  format: string;
  /** In the order of the file; times are ms from the start of the media. */
  cues: TranscriptCue[];
}

/** More is no transcript of a meeting. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/**
 * Reads a transcript file, whatever its name: what it is shows in how it begins.
 *
 * @param text the file, decoded
 * @throws TranscriptFileError naming the line or the field at fault; it never repeats what was said
 * @example
 * const { format, cues } = parseTranscript(await readFile('meeting.json', 'utf8'));
 */
export function parseTranscript(text: string): TranscriptFile {
  if (text.length > MAX_CHARACTERS) {
    throw new TranscriptFileError(
      'transcript',
      `the file has ${text.length} characters; at most ${MAX_CHARACTERS} are read.`,
    );
  }
  const { format, cues } = parsed(text.replace(/^\uFEFF/, ''));
  return { format, cues: cues.flatMap(limitCue) };
}

function parsed(text: string): TranscriptFile {
  if (text.startsWith('WEBVTT')) return { format: 'WebVTT', cues: parseVtt(text) };
  if (/^\s*[[{]/.test(text)) return parseJson(text);
  if (looksLikeSrt(text)) return { format: 'SRT', cues: parseSrt(text) };
  const found = text.trim() === '' ? 'is empty' : 'begins with none of these';
  throw new TranscriptFileError(
    'transcript',
    `the file ${found}: 'WEBVTT' (WebVTT), a number and a time line (SRT), '{' or '[' (JSON of Whisper, whisper.cpp, Vexa, Deepgram or Amazon Transcribe).`,
  );
}
