/** How many tests ended which way, and what a reader of the last page needs to know of them. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** One line for each failed test or file. */
  failures: string[];
  /** One line for each skipped test, with its reason. */
  skips: string[];
}

export function emptyTally(): Tally {
  return { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
}

export function addTallies(tallies: readonly Tally[]): Tally {
  const sum = emptyTally();
  for (const tally of tallies) {
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped += tally.skipped;
    sum.failures.push(...tally.failures);
    sum.skips.push(...tally.skips);
  }
  return sum;
}

/** @returns the line that a run ends with */
export function formatTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
