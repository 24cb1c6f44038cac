/** What can be worked out from sums over groups, by linear algebra over a prime field: independent of how groups are made. */
const PRIME = 94_906_249; // Products of two residues stay below 2^53.

function power(base: number, exponent: number): number {
  let result = 1;
  for (let b = base % PRIME, e = exponent; e > 0; e = Math.floor(e / 2), b = (b * b) % PRIME) {
    if (e % 2 === 1) result = (result * b) % PRIME;
  }
  return result;
}

/** Rank of a matrix of residues. */
function rank(rows: readonly (readonly number[])[]): number {
  const matrix = rows.map((row) => [...row]);
  let found = 0;
  for (let column = 0; column < (matrix[0]?.length ?? 0) && found < matrix.length; column += 1) {
    const pivot = matrix.findIndex((row, index) => index >= found && row[column] !== 0);
    if (pivot < 0) continue;
    [matrix[found], matrix[pivot]] = [matrix[pivot]!, matrix[found]!];
    const top = matrix[found]!;
    const inverse = power(top[column]!, PRIME - 2);
    for (const row of matrix.slice(found + 1)) {
      if (row[column] === 0) continue;
      const factor = (row[column]! * inverse) % PRIME;
      for (let at = column; at < row.length; at += 1)
        row[at] = (row[at]! - ((factor * top[at]!) % PRIME) + PRIME) % PRIME;
    }
    found += 1;
  }
  return found;
}

function* subsets(size: number, from: readonly string[]): Generator<string[]> {
  if (size === 0) yield [];
  for (const [index, first] of from.entries()) {
    if (size > 0) for (const rest of subsets(size - 1, from.slice(index + 1))) yield [first, ...rest];
  }
}

/**
 * Whether somebody who knows the sum of every group, and that nobody's value ever changes, can work out a number that depends on
 * at most `size` people alone; returns them.
 */
export function revealed(groups: readonly ReadonlySet<string>[], size: number): string[] | undefined {
  const people = [...new Set(groups.flatMap((group) => [...group]))];
  const matrix = (columns: readonly string[]) => groups.map((group) => columns.map((one) => (group.has(one) ? 1 : 0)));
  const full = rank(matrix(people));
  for (const few of subsets(Math.min(size, people.length), people)) {
    // A combination that vanishes outside of `few` without vanishing altogether is lost when their columns are.
    const others = people.filter((person) => !few.includes(person));
    if (rank(matrix(others)) < full) return few;
  }
  return undefined;
}
