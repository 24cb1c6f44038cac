import type { TranscriptSegment } from './TranscriptTypes.ts';

/** The same segment with its times on the wall clock. */
export function mapTimes<S extends TranscriptSegment>(segment: S, toWallMs: (ms: number) => number): S {
  const { startMs, endMs, words } = segment;
  return {
    ...segment,
    clock: 'wall',
    ...(startMs !== undefined && { startMs: toWallMs(startMs) }),
    ...(endMs !== undefined && { endMs: toWallMs(endMs) }),
    ...(words && {
      words: words.map((word) => ({ text: word.text, startMs: toWallMs(word.startMs), endMs: toWallMs(word.endMs) })),
    }),
  };
}
