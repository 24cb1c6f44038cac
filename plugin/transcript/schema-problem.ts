import type { z } from 'zod';

export interface SchemaProblem {
  /** Path of the field, e.g. `words[3].endMs`; empty for the value itself. */
  field: string;
  /** `is 7 and must be a string` */
  problem: string;
}

/** The first thing that is wrong with a value, in words that do not repeat what was said. */
export function problemOf(error: z.ZodError, value: unknown): SchemaProblem {
  const { path, message } = error.issues[0]!;
  return { field: fieldOf(path), problem: `is ${describe(valueAt(value, path))} and ${message}` };
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, key) => {
    if (typeof key === 'number') return `${field}[${key}]`;
    return field === '' ? String(key) : `${field}.${String(key)}`;
  }, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** What was said is nobody's business in a message: of a string only the length is told. */
function describe(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'empty' : `a string of ${value.length} characters`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  return value === undefined ? 'missing' : `${value as number | bigint | boolean | null}`;
}
