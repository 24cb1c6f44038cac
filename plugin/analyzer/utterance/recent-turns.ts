import type { UtteranceText } from './StageTypes.ts';

/** What was said longer ago is no context of what is said now. */
const MAX_AGE_MS = 60_000;
/** Also those after an utterance that is yet to be revised, which must not push out the ones before it. */
const MAX_TURNS = 16;
/** More than any text tower reads. */
const MAX_CHARS = 2000;

interface Turn {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}

/** The final words of one participant's last utterances, for a model that reads an utterance with the turns before it. */
export class RecentTurns {
  readonly #wanted: number;
  readonly #maxMs: number;
  readonly #turns = new Map<string, Turn>();

  /**
   * @param wanted how many turns go with an utterance; 0 keeps none
   * @param maxMs longest utterance
   */
  constructor(wanted: number, maxMs: number) {
    this.#wanted = wanted;
    this.#maxMs = maxMs;
  }

  /** What the final words of an utterance are by now; null takes them back. */
  set(utteranceId: string, startMs: number, words: UtteranceText | null): void {
    const text = words?.text.trim().slice(0, MAX_CHARS);
    if (!words || !text) {
      this.#turns.delete(utteranceId);
    } else if (this.#wanted > 0) {
      this.#turns.set(utteranceId, { startMs, endMs: words.words.at(-1)?.endMs ?? startMs, text });
      if (this.#turns.size > MAX_TURNS) this.#turns.delete(this.#turns.keys().next().value!);
    }
  }

  /** The turns that go with an utterance which begins at `startMs`, latest first. */
  before(startMs: number): string[] {
    return [...this.#turns.values()]
      .filter((turn) => turn.startMs < startMs && turn.endMs >= startMs - MAX_AGE_MS)
      .sort((a, b) => b.startMs - a.startMs)
      .slice(0, this.#wanted)
      .map(({ text }) => text);
  }

  /** Forgets what no utterance that is open at `atMs` can look back to. */
  expire(atMs: number): void {
    for (const [id, { endMs }] of this.#turns) if (endMs < atMs - this.#maxMs - MAX_AGE_MS) this.#turns.delete(id);
  }

  clear(): void {
    this.#turns.clear();
  }
}
