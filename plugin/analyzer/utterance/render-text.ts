import type { TimedSegment, TimedWord, UtteranceText } from './StageTypes.ts';

/** What of a segment belongs to one utterance. */
export interface SegmentShare {
  readonly segment: TimedSegment;
  /** In the order of time; not empty. */
  readonly words: readonly TimedWord[];
}

/** The shares of an utterance as one text, in the order of time; null where there are none. */
export function renderText(shares: readonly SegmentShare[]): UtteranceText | null {
  if (shares.length === 0) return null;
  const inTime = shares.toSorted((a, b) => a.words[0]!.startMs - b.words[0]!.startMs);
  return {
    text: inTime.map(textOf).join(' '),
    lang: inTime.find(({ segment }) => segment.lang !== undefined)?.segment.lang,
    words: inTime.flatMap(({ words }) => words).sort((a, b) => a.startMs - b.startMs),
    exact: inTime.every(({ segment }) => segment.exact),
  };
}

/** An utterance with the turns before it, latest first, as text towers that look back are trained to read them. */
export function renderTurns(text: string, before: readonly string[]): string {
  return [text, ...before].join(' [SEP] ');
}

/** A whole segment keeps its own spacing and punctuation; of a part only the words are known. */
function textOf({ segment, words }: SegmentShare): string {
  const text = segment.text.trim();
  if (words.length === segment.words.length && text !== '') return text;
  return words.map((word) => word.text).join(/\s/.test(text) || text === '' ? ' ' : '');
}
