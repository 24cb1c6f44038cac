import { readFileSync } from 'node:fs';

const FOLDER = new URL('../fixtures/transcripts/', import.meta.url);

/** The same short dialogue in each format: `We shipped it.` and, by somebody else, `At last!` */
export const TRANSCRIPT_FILES = [
  'talk.vtt',
  'talk.srt',
  'whisper.json',
  'whisperx.json',
  'faster-whisper.json',
  'openai-verbose.json',
  'whisper-cpp.json',
  'vexa.json',
  'vexa.jsonl',
  'deepgram.json',
  'deepgram-utterances.json',
  'amazon-transcribe.json',
] as const;

export type TranscriptFileName = (typeof TRANSCRIPT_FILES)[number];

export function transcriptPath(name: TranscriptFileName): string {
  return new URL(name, FOLDER).pathname;
}

export function readTranscript(name: TranscriptFileName): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}
