import type { RecognisedWord } from './AsrTypes.ts';

/** `word start end confidence`, times in seconds. */
const WORD_LINE = /^(\S+) (\d{1,7}\.\d{3}) (\d{1,7}\.\d{3}) \d+(?:\.\d+)?$/;
/** `<s>`, `<sil>`, `[SPEECH]`, `++NOISE++`: no words. */
const FILLER = /^(?:<.*>|\[.*\]|\+\+.*\+\+)$/;
const MAX_WORDS = 500;

/**
 * The words in what `pocketsphinx_continuous -time yes` writes: for each stretch of speech a line with its text, and a line
 * for each word. Alternative pronunciations (`and(2)`) are the same word; lines that are neither are skipped.
 *
 * @returns times in ms from the first sample that the program was given
 */
export function parsePocketsphinx(output: string): RecognisedWord[] {
  const words: RecognisedWord[] = [];
  for (const line of output.split('\n')) {
    const match = WORD_LINE.exec(line.trim());
    if (!match || words.length >= MAX_WORDS) continue;
    const [, word = '', start, end] = match;
    if (FILLER.test(word)) continue;
    const startMs = Number(start) * 1000;
    words.push({ text: word.replace(/\(\d+\)$/, ''), startMs, endMs: Math.max(startMs, Number(end) * 1000) });
  }
  return words.sort((a, b) => a.startMs - b.startMs);
}
