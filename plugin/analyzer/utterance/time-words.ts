import type { OperatorFunction } from 'rxjs';
import { spreadWords } from './spread-words.ts';
import { stage } from './stage.ts';
import type { SpokenInput, TimedInput, TimedSegment, TimedWord } from './StageTypes.ts';
import type { WordsSegment } from './UtteranceTypes.ts';

/** How long a character is taken to be spoken where a segment has no times. */
const CHARACTER_MS = 60;
const LONGEST_GUESS_MS = 12_000;
/** A recogniser may be this late with a segment without times and still be taken to mean the speech just over. */
const RECOGNISER_DELAY_MS = 3000;
const SHORTEST_WORD_MS = 1;

/**
 * Gives every word a place in time.
 *
 * Words that come with times keep them. A segment with times only for itself is spread over them by the length of its
 * words. A segment without any is taken to end when it arrives, or, since a recogniser answers late, where the speech
 * ended that was last heard before (at most 3 s back), and to last 60 ms per character. Other inputs pass unchanged.
 *
 * ```
 * input   --SSSSS.....w--|     S: speech, w: a segment without times
 * output  --SSSSS.....W--|     W: its words lie in the time of the speech
 * ```
 *
 * @example
 * input.pipe(audioFrames(), markSpeech(), timeWords(Date.now)).subscribe(...)
 *
 * @param now wall time in ms
 */
export function timeWords(now: () => number): OperatorFunction<SpokenInput, TimedInput> {
  return stage((output) => {
    let speechEndMs = -Infinity;

    const spanOf = (segment: WordsSegment, arrivalMs: number): { startMs: number; endMs: number } => {
      const guessMs = Math.min(LONGEST_GUESS_MS, Math.max(1, segment.text.length) * CHARACTER_MS);
      const { startMs, endMs } = segment;
      if (startMs !== undefined) return { startMs, endMs: Math.max(startMs, endMs ?? startMs + guessMs) };
      if (endMs !== undefined) return { startMs: endMs - guessMs, endMs };
      const delayMs = arrivalMs - speechEndMs;
      const anchorMs = delayMs >= 0 && delayMs <= RECOGNISER_DELAY_MS ? speechEndMs : arrivalMs;
      return { startMs: anchorMs - guessMs, endMs: anchorMs };
    };

    const time = (segment: WordsSegment): TimedSegment => {
      const arrivalMs = now();
      const exact = segment.words !== undefined && segment.words.length > 0;
      const words: TimedWord[] = exact
        ? segment.words!.map(lasting).sort((a, b) => a.startMs - b.startMs)
        : spreadWords(segment.text, spanOf(segment, arrivalMs)).map(lasting);
      const span = words.length > 0 ? extent(words) : spanOf(segment, arrivalMs);
      const { segmentId, final, text, lang } = segment;
      return { kind: 'segment', segmentId, final, text, lang, ...span, arrivalMs, words, exact };
    };

    return {
      next: (input) => {
        if (input.kind === 'frame' && input.speech) speechEndMs = input.endMs;
        output.next(input.kind === 'words' ? time(input.segment) : input);
      },
    };
  });
}

function lasting({ text, startMs, endMs }: TimedWord): TimedWord {
  return { text, startMs, endMs: Math.max(endMs, startMs + SHORTEST_WORD_MS) };
}

function extent(words: readonly TimedWord[]): { startMs: number; endMs: number } {
  return { startMs: words[0]!.startMs, endMs: Math.max(...words.map((word) => word.endMs)) };
}
