import type { Span } from '../../events/contract/v1/types.ts';
import type { SegmentLog } from './segment-log.ts';

/** An utterance of which only the words are known: it lasts as long as they do. */
export class WordedWindow {
  readonly trigger = 'words';
  readonly utteranceId: string;
  readonly startMs: number;
  readonly #floorMs: number;
  readonly #maxMs: number;
  #endMs: number;

  /** @param floorMs words that begin before it belong to an earlier utterance, even where they reach into this one */
  constructor(utteranceId: string, startMs: number, floorMs: number, maxMs: number) {
    this.utteranceId = utteranceId;
    this.startMs = startMs;
    this.#floorMs = floorMs;
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
    const endMs = log.endOfWordsIn({ startMs: this.startMs, endMs: limitMs }, this.#floorMs);
    this.#endMs = Math.min(limitMs, endMs ?? this.startMs);
  }
}
