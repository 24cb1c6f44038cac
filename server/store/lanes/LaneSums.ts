import type { LaneResult } from './LaneResult.ts';

/** Sums over the results of one set of labels, weighted by the length of the utterances. */
interface SetSums {
  /** Results that were told, those among them that were revised since. */
  told: number;
  weight: bigint;
  sentiment: bigint;
  p: bigint[];
}

/** As it is kept: `told`, then weight, sentiment and values as decimal digits. */
export type KeptSet = [told: number, weight: string, sentiment: string, ...p: string[]];
/** Counts: utterances, abstained, with audio, with video, with text, speech in rounded ms, speech in units. */
export type KeptSums = [counts: number[], sets: Record<string, KeptSet>];

/** Lengths are summed in microseconds, values in billionths: whole numbers, so that what is added can be taken away again. */
const UNITS_A_MS = 1_000;
const UNITS_A_VALUE = 1e9;

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits + 0;

/**
 * What the results of one stretch of a lane, or of all of it, come to. The sums are whole numbers and so exact: in whatever order
 * results are added, revised and put together, the same comes out.
 */
export class LaneSums {
  utterances = 0;
  abstained = 0;
  /** Results that each modality took part in: audio, video, text. */
  readonly #used = [0, 0, 0];
  /** Each result's rounded to ms, as a page adds them up. */
  #roundedSpeechMs = 0;
  #speechUnits = 0;
  readonly #sets = new Map<string, SetSums>();
  /** What was read and is still as it was: its digits are made numbers of when something is added. */
  #kept: KeptSums | undefined;

  static from(kept: KeptSums): LaneSums {
    const sums = new LaneSums();
    const [utterances = 0, abstained = 0, audio = 0, video = 0, text = 0, roundedSpeechMs = 0, units = 0] = kept[0];
    sums.utterances = utterances;
    sums.abstained = abstained;
    [audio, video, text].forEach((count, index) => (sums.#used[index] = count));
    sums.#roundedSpeechMs = roundedSpeechMs;
    sums.#speechUnits = units;
    sums.#kept = kept;
    return sums;
  }

  /** Whether it is as it was read. */
  get asKept(): boolean {
    return this.#kept !== undefined;
  }

  toKept(): KeptSums {
    if (this.#kept) return this.#kept;
    const sets = [...this.#sets].map(([set, { told, weight, sentiment, p }]): [string, KeptSet] => [
      set,
      [told, `${weight}`, `${sentiment}`, ...p.map(String)],
    ]);
    const counts = [this.utterances, this.abstained, ...this.#used, this.#roundedSpeechMs, this.#speechUnits];
    return [counts, Object.fromEntries(sets)];
  }

  get isEmpty(): boolean {
    return this.told.every(([, results]) => results === 0);
  }

  get speechMs(): number {
    return Math.round(this.#speechUnits / UNITS_A_MS);
  }

  get roundedSpeechMs(): number {
    return this.#roundedSpeechMs;
  }

  /** Results that were told, by the hash of their set. */
  get told(): [set: string, results: number][] {
    if (this.#kept) return Object.entries(this.#kept[1]).map(([set, [told]]) => [set, told]);
    return [...this.#sets].map(([set, { told }]) => [set, told]);
  }

  /** Share of the utterances that a modality took part in. */
  share(index: 0 | 1 | 2): number {
    return round(this.#used[index]! / this.utterances, 3);
  }

  /** Means over the results of a set that did not abstain. */
  means(set: string): { p: number[]; sentiment: number } {
    const [weight, sentiment, ...p] = this.#numbers(set).map(Number);
    if (!weight) return { p: [], sentiment: 0 };
    const mean = (sum: number) => sum / weight / UNITS_A_VALUE;
    return { p: p.map((sum) => round(mean(sum), 3)), sentiment: round(mean(sentiment!), 2) };
  }

  /** A result was told, or taken out again (-1). */
  tell(set: string, times: 1 | -1 = 1): void {
    this.#open();
    this.#set(set).told += times;
  }

  /** A result is what holds of its utterance, or (-1) is so no longer. */
  count(result: LaneResult, times: 1 | -1 = 1): void {
    this.#open();
    this.utterances += times;
    if (result.abstained) this.abstained += times;
    result.used.forEach((used, index) => (this.#used[index]! += used ? times : 0));
    this.#roundedSpeechMs += times * Math.round(result.speechMs);
    this.#speechUnits += times * Math.round(result.speechMs * UNITS_A_MS);
    if (result.abstained) return;
    const sums = this.#set(result.set);
    const weight = BigInt(times * Math.round(Math.max(result.lengthMs, 1) * UNITS_A_MS));
    const weighted = (value: number) => weight * BigInt(Math.round(value * UNITS_A_VALUE));
    sums.weight += weight;
    sums.sentiment += weighted(result.sentiment);
    result.p.forEach((value, index) => (sums.p[index] = (sums.p[index] ?? 0n) + weighted(value)));
  }

  /** Adds what another has. */
  merge(other: LaneSums): void {
    this.#open();
    other.#open();
    this.utterances += other.utterances;
    this.abstained += other.abstained;
    other.#used.forEach((count, index) => (this.#used[index]! += count));
    this.#roundedSpeechMs += other.#roundedSpeechMs;
    this.#speechUnits += other.#speechUnits;
    for (const [set, { told, weight, sentiment, p }] of other.#sets) {
      const sums = this.#set(set);
      sums.told += told;
      sums.weight += weight;
      sums.sentiment += sentiment;
      p.forEach((sum, index) => (sums.p[index] = (sums.p[index] ?? 0n) + sum));
    }
  }

  /** Weight, sentiment and values. */
  #numbers(set: string): readonly (string | bigint)[] {
    if (this.#kept) return (this.#kept[1][set]?.slice(1) as string[] | undefined) ?? [];
    const sums = this.#sets.get(set);
    return sums ? [sums.weight, sums.sentiment, ...sums.p] : [];
  }

  #open(): void {
    if (!this.#kept) return;
    for (const [set, [told, weight, sentiment, ...p]] of Object.entries(this.#kept[1])) {
      this.#sets.set(set, { told, weight: BigInt(weight), sentiment: BigInt(sentiment), p: p.map(BigInt) });
    }
    this.#kept = undefined;
  }

  #set(set: string): SetSums {
    const known = this.#sets.get(set);
    if (known) return known;
    const sums: SetSums = { told: 0, weight: 0n, sentiment: 0n, p: [] };
    this.#sets.set(set, sums);
    return sums;
  }
}
