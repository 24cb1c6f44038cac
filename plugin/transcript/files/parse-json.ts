import { TranscriptFileError } from '../TranscriptFileError.ts';
import type { TranscriptCue } from '../TranscriptTypes.ts';
import { amazonTranscribe } from './amazon-transcribe.ts';
import { deepgram } from './deepgram.ts';
import { isObject, type JsonShape } from './json-shape.ts';
import { vexa } from './vexa.ts';
import { whisper } from './whisper.ts';
import { whisperCpp } from './whisper-cpp.ts';

/** The narrower ones first: Vexa's segments are Whisper's with more to them. */
const SHAPES: readonly JsonShape[] = [deepgram, amazonTranscribe, whisperCpp, vexa, whisper];

/**
 * Names that may be told back. Others may have been said: in a file that is damaged, a piece of speech can stand where a
 * field's name belongs.
 */
const TELLABLE = new Set(
  (
    'alternatives channel channels completed confirmed duration end id items jobName language metadata name params ' +
    'pending result results segment_id segments speaker start status systeminfo task text transcript transcription ' +
    'transcripts type utterances version words'
  ).split(' '),
);

export interface JsonTranscript {
  format: string;
  cues: TranscriptCue[];
}

/**
 * Reads a transcript in any of the JSON shapes that are known, or as JSON Lines: a segment, or a frame of one of those
 * shapes, on each line.
 *
 * @throws TranscriptFileError naming the field at fault, or the fields that there are and those that there should be
 */
export function parseJson(source: string): JsonTranscript {
  const value = parsed(source);
  const shape = SHAPES.find((candidate) => candidate.matches(value));
  if (shape) return { format: shape.name, cues: shape.cuesOf(value) };
  if (Array.isArray(value) && value.length === 0) return { format: 'JSON', cues: [] };
  if (Array.isArray(value) && value.every(isObject)) return framesOf(value);
  throw unknownShape(value);
}

/** Frames as a live source sends them, written down one after the other. */
function framesOf(frames: readonly Record<string, unknown>[]): JsonTranscript {
  const shape = SHAPES.find((candidate) => candidate.matches(frames[0]));
  if (!shape) throw unknownShape(frames[0]);
  return { format: shape.name, cues: frames.flatMap((frame) => shape.cuesOf(frame)) };
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    const lines = source.split(/\r\n|\n|\r/);
    if (lines.filter((line) => line.trim() !== '').length > 1 && isJson(lines[0]!)) return lines.flatMap(parsedLine);
    throw new TranscriptFileError('JSON', `the file cannot be parsed: ${placeOf(error as Error)}.`);
  }
}

function isJson(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

function parsedLine(line: string, index: number): unknown[] {
  if (line.trim() === '') return [];
  try {
    return [JSON.parse(line)];
  } catch (error) {
    throw new TranscriptFileError(`JSON line ${index + 1}`, `cannot be parsed: ${placeOf(error as Error)}.`);
  }
}

/** Where it went wrong; the engine's own message quotes the text, which is nobody's business. */
function placeOf({ message }: Error): string {
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? 'it ends too early or is no JSON' : `something unexpected at character ${position}`;
}

function unknownShape(value: unknown): TranscriptFileError {
  const known = SHAPES.map(({ name, mark }) => `${mark} (${name})`).join('; ');
  const first: unknown = Array.isArray(value) ? (value as unknown[])[0] : value;
  const found = isObject(first) ? `has ${fieldsOf(first)}` : `holds ${Array.isArray(value) ? 'a list' : typeof value}`;
  return new TranscriptFileError('JSON', `the file ${found}, which no known transcript has; known are ${known}.`);
}

function fieldsOf(value: Record<string, unknown>): string {
  const fields = Object.keys(value);
  const told = fields.filter((field) => TELLABLE.has(field));
  const others = fields.length - told.length;
  if (told.length === 0) return others === 0 ? 'no fields' : `${others} fields of other names`;
  return `the fields ${told.join(', ')}${others === 0 ? '' : ` and ${others} of other names`}`;
}
