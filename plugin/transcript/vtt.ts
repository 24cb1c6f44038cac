import { TranscriptFileError } from './TranscriptFileError.ts';
import type { TranscriptCue } from './TranscriptTypes.ts';
import { oneLine } from './one-line.ts';
import { parseCueText, type VoiceText } from './vtt-cue-text.ts';
import { parseTimestamp } from './vtt-timestamp.ts';

/** What one voice says in one cue: `speaker` is the name in `<v Name>`, what lies between two inline time stamps is a word. */
export type VttCue = TranscriptCue;

/** The text is no WebVTT; the message names the line. */
export class VttError extends TranscriptFileError {
  override readonly name = 'VttError';
  /** Counted from 1. */
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`WebVTT line ${line}`, problem);
    this.line = line;
  }
}

const ARROW = '-->';

/**
 * Reads a WebVTT file. A cue in which several voices speak gives a cue for each, with the same times. Comments, styles,
 * regions, cue settings and styling tags are skipped; cues of no text give nothing.
 *
 * @throws VttError for a missing header, a bad time line, or a cue that ends before it starts
 * @see https://www.w3.org/TR/webvtt1/
 */
export function parseVtt(text: string): VttCue[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (!/^WEBVTT(?:[ \t].*)?$/.test(lines[0] ?? '')) {
    throw new VttError(1, "the file must begin with 'WEBVTT'; is it another format, such as SRT?");
  }
  return blocksOf(lines).flatMap((block) => cuesOf(block));
}

interface Block {
  /** Of its first line, counted from 1. */
  line: number;
  lines: string[];
}

/** Stretches of lines between blank ones, without the header. */
function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let current: Block | undefined;
  let header = true;
  lines.forEach((line, index) => {
    if (line.trim() === '') {
      current = undefined;
      header = false;
      return;
    }
    // A file may leave out the blank line after the header; its first time line ends the header too.
    if (header && !line.includes(ARROW)) return;
    header = false;
    if (!current) blocks.push((current = { line: index + 1, lines: [] }));
    current.lines.push(line);
  });
  return blocks;
}

function cuesOf({ line, lines }: Block): VttCue[] {
  if (/^(?:NOTE|STYLE|REGION)(?:\s|$)/.test(lines[0]!)) return [];
  const timing = lines.slice(0, 2).findIndex((candidate) => candidate.includes(ARROW));
  if (timing === -1) {
    throw new VttError(line, "expected a time line such as '00:01.000 --> 00:02.500' here or on the next line.");
  }
  const { startMs, endMs } = parseTiming(lines[timing]!, line + timing);
  return parseCueText(lines.slice(timing + 1).join('\n')).map((voice) => cueOf(voice, startMs, endMs));
}

function parseTiming(text: string, line: number): { startMs: number; endMs: number } {
  const [from = '', rest = ''] = text.split(ARROW);
  const [start, end] = [from.trim(), rest.trim().split(/\s+/)[0] ?? ''];
  const [startMs, endMs] = [parseTimestamp(start), parseTimestamp(end)];
  if (startMs === undefined) throw new VttError(line, badTime(start));
  if (endMs === undefined) throw new VttError(line, badTime(end));
  if (endMs < startMs) throw new VttError(line, `the cue ends (${end}) before it starts (${start}).`);
  return { startMs, endMs };
}

/** Quotes what is there only where it cannot be something that was said. */
function badTime(text: string): string {
  const found = /^[\d\s.,:;-]{0,40}$/.test(text) ? `'${text}'` : `a text of ${text.length} characters`;
  return `${found} is no time; write HH:MM:SS.mmm or MM:SS.mmm, such as 00:01.000.`;
}

function cueOf({ speaker, pieces }: VoiceText, startMs: number, endMs: number): VttCue {
  const cue: VttCue = { startMs, endMs, text: oneLine(pieces.map(({ text }) => text).join('')) };
  if (speaker !== undefined) cue.speaker = speaker;
  if (pieces.some((piece) => piece.startMs !== undefined)) {
    const within = (ms: number): number => Math.min(Math.max(ms, startMs), endMs);
    cue.words = pieces
      .map((piece, index) => {
        const fromMs = within(piece.startMs ?? startMs);
        const toMs = within(pieces[index + 1]?.startMs ?? endMs);
        return { text: oneLine(piece.text), startMs: fromMs, endMs: Math.max(fromMs, toMs) };
      })
      .filter((word) => word.text !== '');
  }
  return cue;
}
