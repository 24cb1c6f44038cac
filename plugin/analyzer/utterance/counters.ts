import type { UtteranceCounters } from './UtteranceTypes.ts';

export function createCounters(): UtteranceCounters {
  return { refused: 0, lateFrames: 0, wordsDropped: 0, encodingsFailed: 0, withheld: 0 };
}
