import type { Span } from '../../events/contract/v1/types.ts';
import type { TimedWord } from './StageTypes.ts';

/** Scripts that are written without spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

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

/** Spreads the words of a text over a span, each in proportion to its number of characters. */
export function spreadWords(text: string, { startMs, endMs }: Span): TimedWord[] {
  const words = splitWords(text);
  const characters = words.reduce((sum, word) => sum + word.length, 0);
  let passed = 0;
  return words.map((word) => {
    const from = startMs + ((endMs - startMs) * passed) / characters;
    passed += word.length;
    return { text: word, startMs: from, endMs: startMs + ((endMs - startMs) * passed) / characters };
  });
}
