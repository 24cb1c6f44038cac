import type { Evaluation } from '../evaluation/index.ts';

/**
 * The predictions as lines of CSV: the row, its label cell as given, what the model says, the expected value of an
 * ordinal set, and the probability of each label.
 */
export function* predictionLines({ names, predictions }: Evaluation): Generator<string, void> {
  const isOrdinal = predictions[0]?.scores.score !== undefined;
  yield line(['row', 'label', 'predicted', ...(isOrdinal ? ['score'] : []), ...names.map((name) => `p(${name})`)]);
  for (const { item, guess, scores } of predictions) {
    yield line([
      item.row,
      item.label,
      guess.map((label) => names[label]).join('|'),
      ...(isOrdinal ? [scores.score!] : []),
      ...scores.probabilities,
    ]);
  }
}

function line(fields: readonly (string | number | undefined)[]): string {
  return `${fields.map((field) => (typeof field === 'string' ? quoted(field) : String(field))).join(',')}\n`;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
