import { SHORTEST_WORD_MS, splitWords, spreadWords } from './spread-words.ts';
import type { TimedWord } from './StageTypes.ts';
import type { WordsSegment } from './UtteranceTypes.ts';

const MAX_SEGMENTS = 256;

/**
 * Where words were said of which neither times nor sound tell: by when each was first known. Words that a later version of
 * their segment repeats stay where they were, in the utterance that they opened; what is new lies between them and the
 * arrival; what replaces words begins where those did. Nobody says two things at once, so a segment that arrives together
 * with another one comes after it.
 */
export class UnheardWords {
  /** The newest version of each interim segment. */
  readonly #known = new Map<string, readonly TimedWord[]>();
  /** Where the last of all words ends. */
  #endMs = -Infinity;

  /**
   * @param atMs when the segment ends
   * @param guess how long a text takes, in ms
   * @returns its words in order, none before those of its earlier versions
   */
  place({ segmentId, text, final }: WordsSegment, atMs: number, guess: (text: string) => number): TimedWord[] {
    const known = this.#known.get(segmentId) ?? [];
    const said = splitWords(text);
    let kept = 0;
    while (kept < said.length && kept < known.length && isSame(said[kept]!, known[kept]!.text)) kept++;
    const words = known.slice(0, kept).map((word, i) => ({ ...word, text: said[i]! }));
    if (kept < said.length) {
      const rest = said.slice(kept).join(' ');
      const guessMs = guess(rest);
      const replaced = known[kept]?.startMs;
      const saidMs = Math.max(words.at(-1)?.endMs ?? -Infinity, this.#endMs <= atMs ? this.#endMs : -Infinity);
      const startMs = replaced ?? Math.max(saidMs, atMs - guessMs);
      const endMs = Math.max(startMs + SHORTEST_WORD_MS * (said.length - kept), Math.min(atMs, startMs + guessMs));
      words.push(...spreadWords(rest, { startMs, endMs }));
    }
    this.#endMs = Math.max(this.#endMs, words.at(-1)?.endMs ?? -Infinity);
    // A version that says less may be followed by one that says it all again.
    this.#remember(segmentId, final ? undefined : [...words, ...known.slice(words.length)]);
    return words;
  }

  clear(): void {
    this.#endMs = -Infinity;
    this.#known.clear();
  }

  #remember(segmentId: string, words: readonly TimedWord[] | undefined): void {
    this.#known.delete(segmentId);
    if (words) this.#known.set(segmentId, words);
    if (this.#known.size > MAX_SEGMENTS) this.#known.delete(this.#known.keys().next().value!);
  }
}

/** Recognisers set capitals and punctuation only when they are done. */
function isSame(a: string, b: string): boolean {
  return bare(a) === bare(b);
}

function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '') || word;
}
