import { UsageError } from './UsageError.ts';

/**
 * Labels as given on the command line: one word is the name of a set, several are labels.
 *
 * @throws UsageError for an empty label
 */
export function labelsOf(text: string): string | string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new UsageError(`--labels: ${JSON.stringify(text)} has an empty label`);
  return names.length === 1 ? names[0]! : names;
}
