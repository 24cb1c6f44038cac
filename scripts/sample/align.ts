import type { Phone, SpokenWord } from './voice.ts';

/**
 * Gives each word the times of its phones. A word spoken alone and the same word in a sentence differ by a phone or
 * two (reduced vowels, linking), so the two sequences are aligned by edit distance.
 */
export async function alignWords(
  words: string[],
  phones: Phone[],
  phonesOf: (word: string) => Promise<string[]>,
): Promise<SpokenWord[]> {
  const expected: Array<{ word: number; name: string }> = [];
  for (const [index, word] of words.entries()) {
    for (const name of await phonesOf(word)) expected.push({ word: index, name });
  }
  const owner = align(
    expected.map((item) => item.name),
    phones.map((phone) => phone.name),
  ).map((index) => expected[index]?.word ?? 0);

  const spoken = words.map((text, index): SpokenWord => {
    const mine = phones.filter((_, position) => owner[position] === index);
    const first = mine[0];
    const last = mine.at(-1);
    return { text, startMs: first?.startMs ?? NaN, endMs: last?.endMs ?? NaN };
  });
  const lost = spoken.find((word) => Number.isNaN(word.startMs));
  if (lost) throw new Error(`the word "${lost.text}" has no phones of its own; rephrase the sentence`);
  return spoken;
}

/** For each item of `heard`, the index in `expected` that it stands for. */
function align(expected: string[], heard: string[]): number[] {
  const rows = expected.length + 1;
  const columns = heard.length + 1;
  const cost = new Float64Array(rows * columns);
  for (let column = 1; column < columns; column += 1) cost[column] = column;
  for (let row = 1; row < rows; row += 1) {
    cost[row * columns] = row;
    for (let column = 1; column < columns; column += 1) {
      cost[row * columns + column] = Math.min(
        at(cost, (row - 1) * columns + column) + 1,
        at(cost, row * columns + column - 1) + 1,
        at(cost, (row - 1) * columns + column - 1) + difference(expected[row - 1], heard[column - 1]),
      );
    }
  }
  const owner = new Array<number>(heard.length).fill(0);
  let row = rows - 1;
  let column = columns - 1;
  while (column > 0) {
    const here = at(cost, row * columns + column);
    const diagonal = row > 0 ? at(cost, (row - 1) * columns + column - 1) : Infinity;
    if (row > 0 && here === diagonal + difference(expected[row - 1], heard[column - 1])) {
      row -= 1;
      column -= 1;
      owner[column] = row;
    } else if (here === at(cost, row * columns + column - 1) + 1) {
      column -= 1;
      owner[column] = Math.max(0, row - 1);
    } else {
      row -= 1;
    }
  }
  return owner;
}

const vowels = new Set([
  'aa',
  'ae',
  'ah',
  'ao',
  'aw',
  'ax',
  'ay',
  'eh',
  'er',
  'ey',
  'ih',
  'iy',
  'ow',
  'oy',
  'uh',
  'uw',
]);

function difference(a = '', b = ''): number {
  if (a === b) return 0;
  return vowels.has(a) === vowels.has(b) ? 0.6 : 1.8;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Infinity;
}
