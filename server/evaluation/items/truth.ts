import { EvaluationError } from '../EvaluationError.ts';
import { roundHalfEven } from '../metrics/round-half-even.ts';
import { cellOf, type Item } from './Item.ts';

const SEPARATOR = '|';

/** What the column `label` may hold. */
export interface AllowedLabels {
  readonly names: readonly string[];
  /** Several labels may hold at once, or none. */
  readonly multi: boolean;
  /** Of the labels, in their order, where they lie on a scale: a number on it may stand for a label. */
  readonly values?: readonly number[];
}

export interface Truth {
  /** The labels that hold, as places in `names`, rising. */
  readonly labels: readonly number[];
  /** On the scale of the labels, where they have one. */
  readonly value?: number;
}

/** Whether an item names several labels. */
export function hasSeveralLabels(items: readonly Item[]): boolean {
  return items.some(({ label }) => label.includes(SEPARATOR));
}

/**
 * What a row's label cell says. Names are compared in whatever case.
 *
 * @throws EvaluationError naming row, column, value and what is allowed
 */
export function truthOf(item: Item, allowed: AllowedLabels): Truth {
  const { names, multi, values } = allowed;
  const scale = values && ` and numbers from ${Math.min(...values)} to ${Math.max(...values)}`;
  const wrong = (problem: string) => {
    const cell = cellOf(item, 'label', item.label);
    return new EvaluationError(`${cell}: ${problem}; allowed are ${names.join(', ')}${scale ?? ''}`);
  };
  const placeOf = (name: string) => names.findIndex((known) => known.toLowerCase() === name.toLowerCase());
  if (multi) {
    if (item.label === '') return { labels: [] };
    const places = item.label.split(SEPARATOR).map((part) => {
      const name = part.trim();
      if (name === '') throw wrong('a label is empty');
      const place = placeOf(name);
      if (place < 0) throw wrong(`${JSON.stringify(name)} is none of them`);
      return place;
    });
    return { labels: [...new Set(places)].sort((a, b) => a - b) };
  }
  if (item.label === '') throw wrong('it is blank (with --label-kind multi that means that none holds)');
  const place = placeOf(item.label);
  if (place >= 0) return { labels: [place], ...(values && { value: values[place]! }) };
  const value = values ? Number(item.label) : NaN;
  const rounded = values?.indexOf(roundHalfEven(value)) ?? -1;
  if (rounded < 0 || value < Math.min(...values!) || value > Math.max(...values!)) throw wrong('it is none of them');
  return { labels: [rounded], value };
}
