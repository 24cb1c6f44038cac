import { z } from 'zod';
import type { TranscriptSegment, TranscriptWord } from './TranscriptTypes.ts';

export const MAX_SEGMENT_CHARACTERS = 2000;
export const MAX_SEGMENT_WORDS = 500;

/** Wall times further from now than this are taken for a mistake, such as seconds instead of milliseconds. */
const MAX_PAST_MS = 24 * 3_600_000;
const MAX_FUTURE_MS = 60_000;

const id = z.string('must be a string').min(1, 'must not be empty').max(200, 'must have at most 200 characters');
const time = z.number('must be a finite number of milliseconds').nonnegative('must not be negative');

const Word = z
  .object(
    {
      text: z.string('must be a string').max(200, 'must have at most 200 characters'),
      startMs: time,
      endMs: time,
    },
    'must be an object { text, startMs, endMs }',
  )
  .refine((word) => word.endMs >= word.startMs, { path: ['endMs'], error: 'must not be before startMs' });

const Segment = z
  .object(
    {
      participantId: id,
      segmentId: id,
      text: z
        .string('must be a string')
        .max(MAX_SEGMENT_CHARACTERS, `must have at most ${MAX_SEGMENT_CHARACTERS} characters; send it in parts`),
      final: z.boolean('must be true or false'),
      startMs: time.optional(),
      endMs: time.optional(),
      clock: z.enum(['wall', 'room'], "must be 'wall' or 'room'").optional(),
      words: z
        .array(Word, 'must be an array')
        .max(MAX_SEGMENT_WORDS, `must have at most ${MAX_SEGMENT_WORDS} entries; send the segment in parts`)
        .optional(),
      lang: z
        .string('must be a string')
        .max(35, 'must have at most 35 characters')
        .regex(/^[a-z]{1,8}(-[a-z\d]{1,8})*$/i, 'must be a BCP 47 tag such as en-GB')
        .optional(),
    },
    'must be an object',
  )
  .refine(({ startMs, endMs }) => startMs === undefined || endMs === undefined || endMs >= startMs, {
    path: ['endMs'],
    error: 'must not be before startMs',
  });

/** A segment from outside is not what it has to be. */
export class TranscriptSegmentError extends TypeError {
  override readonly name = 'TranscriptSegmentError';
  /** Path of the field, e.g. `words[3].endMs`; empty for the segment itself. */
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`segment${field === '' ? '' : `.${field}`} ${problem}.`);
    this.field = field;
  }
}

/**
 * Checks a segment that a host app or a browser has pushed. Unknown fields are left out.
 *
 * @throws TranscriptSegmentError naming the field, its value where that is no speech, and what is allowed
 */
export function parseSegment(value: unknown): TranscriptSegment {
  const result = Segment.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new TranscriptSegmentError(fieldOf(path), `is ${describe(valueAt(value, path))} and ${message}`);
}

/**
 * The same segment in wall time. One without times stays so: it is placed when it reaches the participant's sound.
 *
 * @param roomStartMs wall time of zero of the `room` clock
 * @param nowMs wall time now
 * @throws TranscriptSegmentError for wall times more than a day back or a minute ahead
 */
export function toWallClock(segment: TranscriptSegment, roomStartMs: number, nowMs: number): TranscriptSegment {
  if (segment.clock === 'room') return shifted(segment, roomStartMs);
  checkNear('startMs', segment.startMs, nowMs);
  checkNear('endMs', segment.endMs, nowMs);
  segment.words?.forEach((word, index) => {
    checkNear(`words[${index}].startMs`, word.startMs, nowMs);
    checkNear(`words[${index}].endMs`, word.endMs, nowMs);
  });
  return { ...segment, clock: 'wall' };
}

function shifted(segment: TranscriptSegment, byMs: number): TranscriptSegment {
  const shift = <T extends number | undefined>(ms: T): T => (ms === undefined ? ms : ((ms + byMs) as T));
  const shiftWord = (word: TranscriptWord): TranscriptWord => ({
    text: word.text,
    startMs: shift(word.startMs),
    endMs: shift(word.endMs),
  });
  return {
    ...segment,
    clock: 'wall',
    ...(segment.startMs !== undefined && { startMs: shift(segment.startMs) }),
    ...(segment.endMs !== undefined && { endMs: shift(segment.endMs) }),
    ...(segment.words && { words: segment.words.map(shiftWord) }),
  };
}

function checkNear(field: string, ms: number | undefined, nowMs: number): void {
  if (ms === undefined || (ms >= nowMs - MAX_PAST_MS && ms <= nowMs + MAX_FUTURE_MS)) return;
  throw new TranscriptSegmentError(
    field,
    `is ${ms} and must be milliseconds since the Unix epoch, within a day before now (${nowMs}); ` +
      "for times from the start of the room set clock: 'room'",
  );
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
