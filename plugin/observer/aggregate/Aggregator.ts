import type { EmotionAggregate, EmotionFinal } from '../../events/contract/v1/types.ts';
import { Cohorts } from './Cohorts.ts';
import { meanOf, meanOfPeople, type Means } from './means.ts';

export interface AggregateOptions {
  /** Nothing may be learnt about fewer people than this. @default 5 */
  k: number;
  /** How often the group is looked at. @default 30000 */
  intervalMs: number;
}

/** A result that waits this long for the others of its group is too old to be averaged with theirs. */
const MAX_AGE_MS = 5 * 60_000;
/** Results of one person that may wait. */
const MAX_WAITING = 100;

export type AggregateBody = Pick<
  EmotionAggregate,
  'span' | 'people' | 'utterances' | 'labels' | 'labelSet' | 'sentiment' | 'dimensions'
>;

/**
 * Means over the people of a room that say nothing about few of them.
 *
 * Each result counts once: it waits until everybody of its cohort has a new one, goes into one mean and is forgotten. So two
 * means never share a result, and two means of one cohort never differ by one person's news alone. There is one series of
 * means for everybody, whoever subscribes when.
 */
export class Aggregator {
  readonly #cohorts: Cohorts;
  readonly #intervalMs: number;
  readonly #waiting = new Map<string, EmotionFinal[]>();
  #labelSetHash: string | undefined;

  constructor({ k, intervalMs }: AggregateOptions) {
    this.#cohorts = new Cohorts(k);
    this.#intervalMs = intervalMs;
  }

  /** Takes in a result; one that should not be acted upon is passed over. */
  add(final: EmotionFinal): void {
    if (final.abstained !== undefined) return;
    if (final.labelSet.hash !== this.#labelSetHash) {
      this.#waiting.clear();
      this.#labelSetHash = final.labelSet.hash;
    }
    const theirs = this.#waiting.get(final.participantId) ?? [];
    const before = theirs.findIndex(({ utteranceId }) => utteranceId === final.utteranceId);
    if (before >= 0) theirs[before] = final;
    // A revision of what has been counted would count a second time.
    else if (final.revision === 0) theirs.push(final);
    if (theirs.length > MAX_WAITING) theirs.shift();
    if (theirs.length > 0) this.#waiting.set(final.participantId, theirs);
  }

  /** Forgets what waits of somebody's results: they rest on what was withdrawn. */
  forget(participantId: string): void {
    this.#waiting.delete(participantId);
  }

  /** Somebody is not analysed any more. */
  leave(participantId: string): void {
    this.forget(participantId);
    this.#cohorts.leave(participantId);
  }

  /** The next mean, of all cohorts in which everybody has a new result; undefined when there is none. */
  next(nowMs: number): AggregateBody | undefined {
    this.#dropOld(nowMs);
    this.#cohorts.form(this.#waiting.keys());
    const people = this.#cohorts.whole
      .filter((cohort) => [...cohort].every((person) => this.#waiting.has(person)))
      .flatMap((cohort) => [...cohort]);
    if (people.length === 0) return undefined;
    const results = people.map((person) => this.#waiting.get(person)!);
    for (const person of people) this.#waiting.delete(person);
    return this.#body(results, nowMs);
  }

  #body(results: EmotionFinal[][], nowMs: number): AggregateBody {
    const all = results.flat();
    const earliest = Math.min(...all.map(({ span }) => span.startMs));
    const means: Means[] = results.map(meanOf);
    return {
      // To the interval: to the millisecond it would be one person's.
      span: { startMs: Math.floor(earliest / this.#intervalMs) * this.#intervalMs, endMs: nowMs },
      people: results.length,
      utterances: all.length,
      labelSet: all[0]!.labelSet,
      ...meanOfPeople(means),
    };
  }

  #dropOld(nowMs: number): void {
    for (const [person, finals] of this.#waiting) {
      const kept = finals.filter(({ span }) => nowMs - span.endMs <= MAX_AGE_MS);
      if (kept.length > 0) this.#waiting.set(person, kept);
      else this.#waiting.delete(person);
    }
  }
}
