/**
 * Who may be averaged with whom, so that no arithmetic on what was published says anything about few people.
 *
 * A cohort is a set of people that is published whole or not at all. When it is formed it holds at least k + 1 people whom no
 * earlier cohort held; when one of them goes, it is never published again. Those left over may go along with a later cohort,
 * beside k + 1 others who are new.
 *
 * Why that is enough, even for somebody whose expression never changes: whatever is published is a sum of cohorts, so
 * whatever can be worked out is a combination of cohorts. Take the one formed last among those that do not cancel out: its
 * new people are in no earlier one, so none of them cancels out. Every result therefore rests on at least k + 1 people, and on
 * at least k others for somebody who knows their own. (The audit rule of Chin and Ozsoyoglu, "Auditing and inference control
 * in statistical databases", IEEE TSE 8(6), 1982, held by construction in place of by keeping and solving all queries.)
 */
export class Cohorts {
  readonly #newcomers: number;
  readonly #known = new Set<string>();
  #whole: ReadonlySet<string>[] = [];

  /** @param k - people of whom nothing smaller may be learnt, even by one of the group */
  constructor(k: number) {
    this.#newcomers = k + 1;
  }

  /** Cohorts that nobody has left; each person is in one at most. */
  get whole(): readonly ReadonlySet<string>[] {
    return this.#whole;
  }

  /**
   * Puts those who are in no cohort into new ones, as many as there may be; does nothing when they are too few. What is formed
   * counts as published.
   */
  form(present: Iterable<string>): void {
    const free = [...present].filter((person) => !this.#whole.some((cohort) => cohort.has(person)));
    const fresh = free.filter((person) => !this.#known.has(person));
    const count = Math.floor(fresh.length / this.#newcomers);
    if (count === 0) return;
    const formed = Array.from({ length: count }, () => new Set<string>());
    // Dealt out in turn: each gets its newcomers, and none is much larger than another.
    const dealt = [...fresh, ...free.filter((person) => this.#known.has(person))];
    dealt.forEach((person, index) => formed[index % count]!.add(person));
    for (const person of fresh) this.#known.add(person);
    this.#whole.push(...formed);
  }

  /** Somebody has gone: their cohort ends. */
  leave(person: string): void {
    this.#whole = this.#whole.filter((cohort) => !cohort.has(person));
  }
}
