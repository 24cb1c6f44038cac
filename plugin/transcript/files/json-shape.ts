import { z } from 'zod';
import { problemOf } from '../schema-problem.ts';
import { TranscriptFileError } from '../TranscriptFileError.ts';
import type { TranscriptCue } from '../TranscriptTypes.ts';

/** One way in which a recogniser writes its transcript as JSON. */
export interface JsonShape {
  /** For messages. */
  readonly name: string;
  /** Which field makes it this shape, for messages. */
  readonly mark: string;
  /** Whether the value is meant to be of this shape; whether it is sound shows when it is read. */
  matches(value: unknown): boolean;
  /** @throws TranscriptFileError naming the field at fault */
  cuesOf(value: unknown): TranscriptCue[];
}

/** More than a day is no time in a recording. */
const MAX_SECONDS = 86_400 * 7;

/** A time in s, to ms. */
export const seconds = z
  .number('must be a number of seconds')
  .nonnegative('must not be negative')
  .max(MAX_SECONDS, `must be at most ${MAX_SECONDS} seconds`)
  .transform((value) => value * 1000);

/** Seconds as a number or written out as text. */
export const secondsText = z
  .union([z.number(), z.string()], 'must be a number of seconds')
  .refine(
    (value) => String(value).trim() !== '' && Number(value) >= 0 && Number(value) <= MAX_SECONDS,
    `must be a number of seconds from 0 to ${MAX_SECONDS}`,
  )
  .transform((value) => Number(value) * 1000);

export const text = z.string('must be a string');

/** A speaker's label: a name, or the number that a diarizer gave. */
export const speaker = z.union([z.string().max(200), z.number()], 'must be a name or a number').transform(String);

/**
 * The value as the schema reads it.
 *
 * @throws TranscriptFileError naming the field at fault
 */
export function read<S extends z.ZodType>(name: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { field, problem } = problemOf(result.error, value);
  throw new TranscriptFileError(name, `${field === '' ? 'the file' : field} ${problem}.`);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Language codes as they are; names of languages (`english`), which some APIs give, are left out. */
export function langOf(code: string | null | undefined): { lang?: string } {
  return code && /^[a-z]{2,3}(-[a-z\d]{1,8})*$/i.test(code) && code.length <= 35 ? { lang: code } : {};
}
