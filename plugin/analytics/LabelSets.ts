import type { LabelScore, LabelSetRef } from '../events/contract/v1/types.ts';

/** A label set that was asked in the meeting, with the names of its labels as they turned up. */
export interface AskedSet {
  ref: LabelSetRef;
  /** Place of each label in the scores of a result. */
  places: Map<string, number>;
}

/** Keeps each label set once, so that a result is its numbers and nothing else. */
export class LabelSets {
  readonly #sets = new Map<string, AskedSet>();

  of({ id, hash, kind }: LabelSetRef): AskedSet {
    const key = JSON.stringify([hash, kind, id]);
    let set = this.#sets.get(key);
    if (!set) this.#sets.set(key, (set = { ref: { id, hash, kind }, places: new Map() }));
    return set;
  }
}

/** The p of each label in its place; a label that the result does not name has NaN, or no place. */
export function scoresOf({ places }: AskedSet, labels: readonly LabelScore[]): number[] {
  const scores: number[] = [];
  for (const { name, p } of labels) {
    let place = places.get(name);
    if (place === undefined) places.set(name, (place = places.size));
    while (scores.length <= place) scores.push(NaN);
    scores[place] = p;
  }
  return scores;
}
