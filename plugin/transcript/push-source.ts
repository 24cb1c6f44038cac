import { z } from 'zod';
import { problemOf } from './schema-problem.ts';
import { mapTimes } from './map-times.ts';
import type { TranscriptSegment } from './TranscriptTypes.ts';

export const MAX_SEGMENT_CHARACTERS = 2000;
export const MAX_SEGMENT_WORDS = 500;
export const MAX_WORD_CHARACTERS = 200;

/** Wall times further from now than this are taken for a mistake, such as seconds instead of milliseconds. */
const MAX_PAST_MS = 24 * 3_600_000;
const MAX_FUTURE_MS = 60_000;

const id = z.string('must be a string').min(1, 'must not be empty').max(200, 'must have at most 200 characters');
const time = z.number('must be a finite number of milliseconds').nonnegative('must not be negative');

const Word = z
  .object(
    {
      text: z
        .string('must be a string')
        .max(MAX_WORD_CHARACTERS, `must have at most ${MAX_WORD_CHARACTERS} characters`),
      startMs: time,
      endMs: time,
    },
    'must be an object { text, startMs, endMs }',
  )
  .refine((word) => word.endMs >= word.startMs, { path: ['endMs'], error: 'must not be before startMs' });

const Segment = z
  .object(
    {
      participantId: id.optional(),
      producerId: id.optional(),
      segmentId: id,
      text: z
        .string('must be a string')
        .max(MAX_SEGMENT_CHARACTERS, `must have at most ${MAX_SEGMENT_CHARACTERS} characters; send it in parts`),
      final: z.boolean('must be true or false'),
      startMs: time.optional(),
      endMs: time.optional(),
      clock: z.enum(['wall', 'room', 'media'], "must be 'wall', 'room' or 'media'").optional(),
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
  })
  .refine(({ clock, producerId }) => clock !== 'media' || producerId !== undefined, {
    path: ['producerId'],
    error: "must be the id of the audio producer whose time is meant, as clock is 'media'",
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
  const { field, problem } = problemOf(result.error, value);
  throw new TranscriptSegmentError(field, problem);
}

/**
 * The same segment in wall time. One without times stays so: it is placed when it reaches the participant's sound. So does
 * one in media time, which only the analyzer can tell.
 *
 * @param roomStartMs wall time of zero of the `room` clock
 * @param nowMs wall time now
 * @throws TranscriptSegmentError for wall times more than a day back or a minute ahead
 */
export function toWallClock<S extends TranscriptSegment>(segment: S, roomStartMs: number, nowMs: number): S {
  if (segment.clock === 'media') return segment;
  if (segment.clock === 'room') return mapTimes(segment, (ms) => ms + roomStartMs);
  checkNear('startMs', segment.startMs, nowMs);
  checkNear('endMs', segment.endMs, nowMs);
  segment.words?.forEach((word, index) => {
    checkNear(`words[${index}].startMs`, word.startMs, nowMs);
    checkNear(`words[${index}].endMs`, word.endMs, nowMs);
  });
  return { ...segment, clock: 'wall' };
}

function checkNear(field: string, ms: number | undefined, nowMs: number): void {
  if (ms === undefined || (ms >= nowMs - MAX_PAST_MS && ms <= nowMs + MAX_FUTURE_MS)) return;
  throw new TranscriptSegmentError(
    field,
    `is ${ms} and must be milliseconds since the Unix epoch, within a day before now (${nowMs}); ` +
      "for times from the start of the room set clock: 'room'",
  );
}
