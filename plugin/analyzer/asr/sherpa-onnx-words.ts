import type { Hypothesis, RecognisedWord } from './AsrTypes.ts';

/** The part of sherpa-onnx's streaming result that is used. */
export interface SherpaResult {
  text: string;
  tokens?: string[];
  /** Seconds from the start of the stream, when each token was first heard. */
  timestamps?: number[];
}

/** Where the next word tells no end, a word is taken to end so long after its last token began. */
const LAST_TOKEN_MS = 250;
const MAX_WORDS = 500;
/** Scripts whose tokens are words of their own. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/**
 * What a streaming result says, with word times: tokens that begin with a space (or with `▁`) begin a word, and a word ends
 * where the next begins, or a quarter of a second after its last token. Text all in capitals is given in small letters.
 */
export function hypothesisOf({ text, tokens = [], timestamps = [] }: SherpaResult, final: boolean): Hypothesis {
  const words: (RecognisedWord & { lastMs: number })[] = [];
  const timed = tokens.length === timestamps.length && timestamps.every(Number.isFinite);
  for (const [index, token] of (timed ? tokens : []).entries()) {
    const piece = token.replace(/[\u2581 ]/g, ' ');
    const atMs = timestamps[index]! * 1000;
    const word = words.at(-1);
    const begins = !word || piece.startsWith(' ') || UNSPACED.test(piece) || UNSPACED.test(word.text);
    if (!begins) {
      word.text += piece;
      word.lastMs = atMs;
    } else if (words.length < MAX_WORDS) words.push({ text: piece.trim(), startMs: atMs, endMs: atMs, lastMs: atMs });
  }
  for (const [index, word] of words.entries()) {
    const nextMs = words[index + 1]?.startMs ?? Infinity;
    word.endMs = Math.max(word.startMs, Math.min(nextMs, word.lastMs + LAST_TOKEN_MS));
  }
  const spoken = words.filter((word) => word.text !== '');
  const lower = text === text.toUpperCase() ? (part: string) => part.toLowerCase() : (part: string) => part;
  return {
    text: lower(text.trim()),
    words: spoken.map(({ text: word, startMs, endMs }) => ({ text: lower(word), startMs, endMs })),
    final,
  };
}
