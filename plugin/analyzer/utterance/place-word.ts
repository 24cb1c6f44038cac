import type { Span } from '../../events/contract/v1/types.ts';

/** A word outside every utterance goes to the nearest one within this distance. */
export const NEAR_MS = 500;

/** An utterance as a place for words: `endMs` is Infinity while it is open. */
export interface Window extends Span {
  readonly utteranceId: string;
}

/**
 * The utterance that a word belongs to: the one that it overlaps most, among equals the earlier; else the nearest within
 * `NEAR_MS`.
 *
 * @param horizonMs no utterance that is not among the windows begins before this
 * @returns undefined while an utterance may still come that would be the better place, or where there is none
 */
export function placeWord(word: Span, windows: readonly Window[], horizonMs: number): string | undefined {
  let best: Window | undefined;
  let bestOverlapMs = 0;
  let near: Window | undefined;
  let nearMs = Infinity;
  for (const window of windows) {
    const overlapMs = Math.min(word.endMs, window.endMs) - Math.max(word.startMs, window.startMs);
    if (overlapMs > bestOverlapMs) {
      best = window;
      bestOverlapMs = overlapMs;
    }
    if (-overlapMs < nearMs) {
      near = window;
      nearMs = -overlapMs;
    }
  }
  if (best) {
    const mayYetOverlapMs = word.endMs - Math.max(word.startMs, horizonMs);
    return mayYetOverlapMs > bestOverlapMs ? undefined : best.utteranceId;
  }
  const mayYetBeNearMs = Math.max(0, horizonMs - word.endMs);
  return near && nearMs <= NEAR_MS && nearMs <= mayYetBeNearMs ? near.utteranceId : undefined;
}
