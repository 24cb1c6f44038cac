import type { TraceBatch, TraceWord } from './TraceTypes.ts';

/** The batch with the places of its words, but not the words themselves. */
export function withoutText(batch: TraceBatch): TraceBatch {
  const silent = <T extends TraceWord>(word: T): T => ({ ...word, text: '' });
  return {
    ...batch,
    segments: batch.segments.map((segment) => ({ ...segment, words: segment.words.map(silent) })),
    texts: batch.texts.map((text) => ({ ...text, words: text.words.map(silent) })),
  };
}
