import { Store } from '../../../client/Store.ts';
import type { EmotionFinal, MeetingEvents, UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import type { View } from '../timeline/view.ts';
import { byPerson } from './byPerson.ts';
import { utteranceOf, type Utterance } from './Utterance.ts';

/** Results are fetched in stretches of this length, each once. */
const STRETCH_MS = 300_000;
/** A result comes so much later than the speech it is about, with the wait for late words. */
const LATER_MS = 30_000;

export type FetchResults = (fromMs: number, toMs: number) => Promise<Pick<MeetingEvents, 'events'>>;

/** Final results of a meeting as they are needed: those of stretches that are looked at, and those that a replay brings. */
export class Results {
  /** Grows when there are others than before. */
  readonly version = new Store(0);
  readonly problem = new Store<string | undefined>(undefined);
  readonly #startMs: number;
  readonly #durationMs: number;
  readonly #fetch: FetchResults;
  readonly #stretches = new Map<number, 'asked' | 'here'>();
  readonly #byId = new Map<string, Utterance>();
  readonly #erased = new Set<string>();
  #sorted: ReadonlyMap<string, readonly Utterance[]> | undefined;

  /** @param startMs - of the meeting, wall time */
  constructor(startMs: number, durationMs: number, fetch: FetchResults) {
    this.#startMs = startMs;
    this.#durationMs = durationMs;
    this.#fetch = fetch;
  }

  /** Whether all that was said in a stretch of time is here. */
  has(view: View): boolean {
    return this.#indicesOf(view).every((index) => this.#stretches.get(index) === 'here');
  }

  /** Fetches what is missing of a stretch of time. */
  want(view: View): void {
    for (const index of this.#indicesOf(view)) if (!this.#stretches.has(index)) void this.#get(index);
  }

  /** What one person said, by the time of its beginning, as far as it is here. */
  of(participantId: string): readonly Utterance[] {
    this.#sorted ??= byPerson([...this.#byId.values()].sort((a, b) => a.startMs - b.startMs));
    return this.#sorted.get(participantId) ?? [];
  }

  /** What was said by anybody and lies in this time, by the time of its beginning. */
  within({ fromMs, toMs }: View): Utterance[] {
    return [...this.#byId.values()]
      .filter(({ startMs, endMs }) => endMs >= fromMs && startMs <= toMs)
      .sort((a, b) => a.startMs - b.startMs);
  }

  /** Takes in an event of a replay. */
  add(event: UndertoneEvent): void {
    if (event.type === 'emotion.final') {
      if (this.#take(event)) this.#changed();
    } else if (event.type === 'emotion.retracted') {
      for (const utteranceId of event.utteranceIds) this.#byId.delete(utteranceId);
      this.#changed();
    }
  }

  /** Somebody was erased. */
  forget(participantId: string): void {
    this.#erased.add(participantId);
    for (const [id, one] of this.#byId) if (one.participantId === participantId) this.#byId.delete(id);
    this.#changed();
  }

  #indicesOf({ fromMs, toMs }: View): number[] {
    const last = Math.floor(Math.min(this.#durationMs + LATER_MS, toMs + LATER_MS) / STRETCH_MS);
    const first = Math.floor(Math.max(0, fromMs) / STRETCH_MS);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  }

  async #get(index: number): Promise<void> {
    this.#stretches.set(index, 'asked');
    try {
      const { events } = await this.#fetch(index * STRETCH_MS, (index + 1) * STRETCH_MS);
      for (const event of events) if (event.type === 'emotion.final') this.#take(event);
      this.#stretches.set(index, 'here');
      this.problem.set(undefined);
    } catch (error) {
      // Looked at again, it is asked for again.
      this.#stretches.delete(index);
      this.problem.set((error as Error).message);
    }
    this.#changed();
  }

  #take(final: EmotionFinal): boolean {
    if (this.#erased.has(final.participantId)) return false;
    const known = this.#byId.get(final.utteranceId);
    if (known && known.revision >= final.revision) return false;
    this.#byId.set(final.utteranceId, utteranceOf(final, this.#startMs));
    return true;
  }

  #changed(): void {
    this.#sorted = undefined;
    this.version.update((count) => count + 1);
  }
}
