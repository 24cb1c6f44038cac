import type { Span } from '../../events/contract/v1/types.ts';
import type { TimedWord } from './StageTypes.ts';

/** Scripts that are written without spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
/** A word takes up some time, however many there are in no time. */
export const SHORTEST_WORD_MS = 1;
/** Nobody speaks faster: with less speech for a character, the span is not that of the words. */
const FASTEST_CHARACTER_MS = 15;

/** Splits a text into words: at spaces, and in scripts without them where the locale data of the runtime say. */
export function splitWords(text: string): string[] {
  const tokens = text.split(/\s+/).filter((token) => token !== '');
  if (!UNSPACED.test(text)) return tokens;
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
  return tokens.flatMap((token) => {
    const words: string[] = [];
    for (const { segment, isWordLike } of segmenter.segment(token)) {
      // Punctuation stays with the word before it.
      if (isWordLike || words.length === 0) words.push(segment);
      else words[words.length - 1] += segment;
    }
    return words;
  });
}

/**
 * Spreads the words of a text over the speech in a span, each in proportion to its number of characters. A word that
 * would lie across a pause goes to the side of it with more of the word.
 *
 * @param speech within the span, in order; where it cannot hold the words, they are spread over the span as a whole
 */
export function spreadWords(text: string, span: Span, speech: readonly Span[] = []): TimedWord[] {
  const words = splitWords(text);
  const characters = words.reduce((sum, word) => sum + word.length, 0);
  const spokenMs = speech.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const runs = spokenMs >= characters * FASTEST_CHARACTER_MS ? speech : [span];
  const lengthMs = runs.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  let passed = 0;
  return words.map((word) => {
    const fromMs = (lengthMs * passed) / characters;
    passed += word.length;
    return { text: word, ...place(fromMs, (lengthMs * passed) / characters, runs) };
  });
}

/** The part of the speech from one moment of speaking time to another, within the run that has most of it. */
function place(fromMs: number, toMs: number, runs: readonly Span[]): Span {
  let best: Span | undefined;
  let bestMs = -1;
  let passedMs = 0;
  for (const { startMs, endMs } of runs) {
    const lengthMs = endMs - startMs;
    const insideFromMs = Math.max(fromMs - passedMs, 0);
    const insideToMs = Math.min(toMs - passedMs, lengthMs);
    if (insideToMs - insideFromMs > bestMs && insideFromMs <= lengthMs) {
      bestMs = insideToMs - insideFromMs;
      best = { startMs: startMs + insideFromMs, endMs: startMs + insideToMs };
    }
    passedMs += lengthMs;
    if (passedMs >= toMs) break;
  }
  return best ?? { startMs: runs[0]!.startMs, endMs: runs[0]!.startMs };
}
