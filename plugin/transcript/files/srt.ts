import { oneLine } from '../one-line.ts';
import { TranscriptFileError } from '../TranscriptFileError.ts';
import type { TranscriptCue } from '../TranscriptTypes.ts';

const TIME = String.raw`(\d{1,3}):([0-5]?\d):([0-5]?\d)[,.](\d{1,3})`;
const TIME_LINE = new RegExp(String.raw`^\s*${TIME}\s*-->\s*${TIME}(?:\s.*)?$`);
const ARROW = '-->';

/** Whether a text looks like SubRip: its first lines that are not blank are a number and a time line, or a time line. */
export function looksLikeSrt(text: string): boolean {
  const [first = '', second = ''] = text
    .slice(0, 1000)
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '');
  return first.includes(ARROW) || (/^\s*\d+\s*$/.test(first) && second.includes(ARROW));
}

/**
 * Reads a SubRip file (SRT). It names no voices and has no word times. A cue goes on until the number and time line of the
 * next one, so that blank lines inside a cue do no harm; styling tags are left out, cues of no text give nothing.
 *
 * @throws TranscriptFileError naming the line of a bad time, or of a cue that ends before it starts
 */
export function parseSrt(text: string): TranscriptCue[] {
  const cues: (TranscriptCue & { lines: string[] })[] = [];
  text.split(/\r\n|\n|\r/).forEach((line, index) => {
    const cue = cues.at(-1);
    if (line.includes(ARROW)) {
      // The number above it is the cue's own, not what was said last.
      if (cue && /^\s*\d+\s*$/.test(cue.lines.at(-1) ?? '')) cue.lines.pop();
      cues.push({ ...timesOf(line, index + 1), text: '', lines: [] });
    } else if (cue) {
      if (line.trim() !== '') cue.lines.push(line);
    } else if (line.trim() !== '' && !/^\s*\d+\s*$/.test(line)) {
      throw bad(index + 1, "expected a cue's number or a time line such as '00:00:01,000 --> 00:00:02,500'.");
    }
  });
  return cues
    .map(({ startMs, endMs, lines }) => ({ startMs, endMs, text: oneLine(withoutTags(lines.join(' '))) }))
    .filter(({ text: said }) => said !== '');
}

function timesOf(line: string, number: number): { startMs: number; endMs: number } {
  const match = TIME_LINE.exec(line.slice(0, 200));
  if (!match) throw bad(number, "is no time line; write '00:00:01,000 --> 00:00:02,500'.");
  const [startMs, endMs] = [msOf(match.slice(1, 5)), msOf(match.slice(5, 9))];
  if (endMs < startMs) throw bad(number, 'the cue ends before it starts.');
  return { startMs, endMs };
}

function msOf([hours, minutes, seconds, fraction]: string[]): number {
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction!.padEnd(3, '0'));
}

/** `<i>`, `</font>` and `{\an8}`; a lone `<` stays. */
function withoutTags(text: string): string {
  return text.replace(/<\/?[a-z][^<>]{0,100}>/gi, '').replace(/\{\\[^{}]{0,100}\}/g, '');
}

function bad(line: number, problem: string): TranscriptFileError {
  return new TranscriptFileError(`SRT line ${line}`, problem);
}
