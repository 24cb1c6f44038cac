import type { OperatorFunction } from 'rxjs';
import { MAX_ONSET_DELAY_MS } from './mark-speech.ts';
import { SpeechLog } from './speech-log.ts';
import { SHORTEST_WORD_MS, spreadWords } from './spread-words.ts';
import { stage } from './stage.ts';
import type { SpokenInput, TimedInput, TimedSegment, TimedWord } from './StageTypes.ts';
import { UnheardWords } from './unheard-words.ts';
import type { WordsSegment } from './UtteranceTypes.ts';

/** How long a character is taken to be spoken where a segment has no times. */
const CHARACTER_MS = 60;
const LONGEST_GUESS_MS = 12_000;
/** A recogniser may be this late with a segment without times and still be taken to mean the speech just over. */
const RECOGNISER_DELAY_MS = 3000;
/** Without sound for so long before a segment without times ends, only its arrival tells when it was said. */
const NO_SOUND_MS = 2000;
/** Less than this is not worth telling. */
const MOVED_MS = 10;
const MAX_PENDING = 256;
/** Sound that has not come by then will not tell any more where the words were. */
const PENDING_MS = 15_000;

/** A segment without word times, over which sound is still coming in. */
interface Pending {
  readonly segment: WordsSegment;
  readonly span: { startMs: number; endMs: number };
  told: TimedSegment;
}

/**
 * Gives every word a place in time.
 *
 * Words that come with times keep them. Those of a segment with times only for itself are spread over the speech in it, by
 * their length; a pause holds no words. While sound still comes in over the segment it is told again where that moves
 * its words. A segment without any times is taken to end when it arrives, or, since a recogniser answers late, where the
 * speech ended that was last heard before (at most 3 s back), and to last 60 ms of speech per character. Where there is no
 * sound at all, its words stay where its earlier versions had them. Other inputs pass unchanged.
 *
 * ```
 * input   --SSSSS.....SSSS..w--|     S: speech, w: a segment over all of it
 * output  --SSSSS.....SSSS..W--|     W: its words lie in the speech, none in the pause
 * ```
 *
 * @example
 * input.pipe(audioFrames(), markSpeech(), timeWords(Date.now)).subscribe(...)
 *
 * @param now wall time in ms
 */
export function timeWords(now: () => number): OperatorFunction<SpokenInput, TimedInput> {
  return stage((output) => {
    const speech = new SpeechLog();
    const pending = new Map<string, Pending>();
    const unheard = new UnheardWords();

    const spanOf = (segment: WordsSegment, arrivalMs: number): { startMs: number; endMs: number } => {
      const guessMs = guess(segment.text);
      const { startMs, endMs } = segment;
      if (startMs !== undefined) return { startMs, endMs: Math.max(startMs, endMs ?? startMs + guessMs) };
      const delayMs = arrivalMs - speech.endMs;
      const heardMs = delayMs >= 0 && delayMs <= RECOGNISER_DELAY_MS ? speech.endMs : arrivalMs;
      const anchorMs = endMs ?? heardMs;
      const before = speech.before(anchorMs, guessMs);
      // Some speak twice as fast; with less than that, it was not all heard.
      const enough = before.speechMs >= guessMs / 2;
      return { startMs: enough ? before.startMs : anchorMs - guessMs, endMs: anchorMs };
    };

    const spread = ({ segmentId, final, text, lang }: WordsSegment, span: Pending['span'], arrivalMs: number) => {
      const words = spreadWords(text, span, speech.within(span)).map(lasting);
      const reach = words.length > 0 ? extent(words) : span;
      return { kind: 'segment', segmentId, final, text, lang, ...reach, arrivalMs, words, exact: false } as const;
    };

    const time = (segment: WordsSegment): TimedSegment => {
      const arrivalMs = now();
      const { segmentId, final, text, lang } = segment;
      pending.delete(segmentId);
      if (segment.words !== undefined && segment.words.length > 0) {
        const words = segment.words.map(lasting).sort((a, b) => a.startMs - b.startMs);
        return { kind: 'segment', segmentId, final, text, lang, ...extent(words), arrivalMs, words, exact: true };
      }
      const endMs = segment.endMs ?? arrivalMs;
      if (segment.startMs === undefined && endMs - speech.reachedMs > NO_SOUND_MS) {
        const words = unheard.place(segment, endMs, guess).map(lasting);
        const reach = words.length > 0 ? extent(words) : { startMs: endMs, endMs };
        return { kind: 'segment', segmentId, final, text, lang, ...reach, arrivalMs, words, exact: false };
      }
      const span = spanOf(segment, arrivalMs);
      const told = spread(segment, span, arrivalMs);
      if (speech.reachedMs < span.endMs + MAX_ONSET_DELAY_MS) {
        pending.set(segmentId, { segment, span, told });
        if (pending.size > MAX_PENDING) pending.delete(furthest(pending));
      }
      return told;
    };

    /** Places the words anew by what has been heard since. */
    const settle = (atMs: number): void => {
      for (const [segmentId, entry] of pending) {
        if (entry.span.startMs > atMs) continue;
        const told = spread(entry.segment, entry.span, entry.told.arrivalMs);
        if (moved(entry.told, told)) output.next((entry.told = told));
        if (atMs >= entry.span.endMs + MAX_ONSET_DELAY_MS) pending.delete(segmentId);
      }
    };

    const pass = (atMs: number): void => {
      for (const [segmentId, { span }] of pending) if (atMs > span.endMs + PENDING_MS) pending.delete(segmentId);
    };

    return {
      next: (input) => {
        if (input.kind === 'words') return output.next(time(input.segment));
        output.next(input);
        if (input.kind === 'frame') {
          const turned = speech.hear(input);
          if (pending.size > 0 && (turned || due(pending, input.endMs))) settle(input.endMs);
        } else if (input.kind === 'tick') pass(input.atMs);
        else if (input.kind === 'modality' && input.modality === 'text' && !input.available) {
          pending.clear();
          unheard.clear();
        }
      },
    };
  });
}

/** How long a text takes to say, in ms. */
function guess(text: string): number {
  return Math.min(LONGEST_GUESS_MS, Math.max(1, text.length) * CHARACTER_MS);
}

/** The one that can wait: the sound over it comes last. */
function furthest(pending: ReadonlyMap<string, Pending>): string {
  return [...pending].reduce((a, b) => (b[1].span.startMs > a[1].span.startMs ? b : a))[0];
}

/** Whether all that a segment spans has been heard. */
function due(pending: ReadonlyMap<string, Pending>, atMs: number): boolean {
  for (const { span } of pending.values()) if (atMs >= span.endMs + MAX_ONSET_DELAY_MS) return true;
  return false;
}

function moved(before: TimedSegment, after: TimedSegment): boolean {
  return after.words.some(({ startMs, endMs }, i) => {
    const word = before.words[i]!;
    return Math.abs(word.startMs - startMs) >= MOVED_MS || Math.abs(word.endMs - endMs) >= MOVED_MS;
  });
}

function lasting({ text, startMs, endMs }: TimedWord): TimedWord {
  return { text, startMs, endMs: Math.max(endMs, startMs + SHORTEST_WORD_MS) };
}

function extent(words: readonly TimedWord[]): { startMs: number; endMs: number } {
  return { startMs: words[0]!.startMs, endMs: Math.max(...words.map((word) => word.endMs)) };
}
