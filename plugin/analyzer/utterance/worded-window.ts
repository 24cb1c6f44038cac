import type { Span } from '../../events/contract/v1/types.ts';
import type { SegmentLog } from './segment-log.ts';

/** An utterance of which only the words are known: it lasts as long as they do. */
export class WordedWindow {
  readonly trigger = 'words';
  readonly utteranceId: string;
  readonly startMs: number;
  readonly #maxMs: number;
  #endMs: number;

  constructor(utteranceId: string, startMs: number, maxMs: number) {
    this.utteranceId = utteranceId;
    this.startMs = startMs;
    this.#maxMs = maxMs;
    this.#endMs = startMs;
  }

  get span(): Span {
    return { startMs: this.startMs, endMs: this.#endMs };
  }

  silenceMs(atMs: number): number {
    return atMs - this.#endMs;
  }

  /** Follows the words, which an interim segment may take back. */
  measure(log: SegmentLog): void {
    const limitMs = this.startMs + this.#maxMs;
    this.#endMs = Math.min(limitMs, log.endOfWordsIn({ startMs: this.startMs, endMs: limitMs }) ?? this.startMs);
  }
}
