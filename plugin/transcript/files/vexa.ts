import { z } from 'zod';
import { cueOf } from './cue-words.ts';
import { isObject, langOf, read, seconds, speaker, text, type JsonShape } from './json-shape.ts';

const NAME = 'Vexa JSON';

const Word = z
  .object({ word: text.optional(), text: text.optional(), start: seconds, end: seconds }, 'must be an object')
  .refine((word) => word.word !== undefined || word.text !== undefined, {
    path: ['word'],
    error: 'must be a string',
  });

const Segment = z
  .object(
    {
      segment_id: z.union([z.string().min(1).max(180), z.number()]).nullish(),
      start: seconds.optional(),
      end: seconds.optional(),
      start_time: seconds.optional(),
      end_time: seconds.optional(),
      text,
      speaker: speaker.nullish(),
      language: z.string().nullish(),
      completed: z.boolean('must be true or false').nullish(),
      words: z.array(Word, 'must be an array').nullish(),
    },
    'must be an object { segment_id, start, end, text, completed }',
  )
  .refine(({ start, start_time }) => start !== undefined || start_time !== undefined, {
    path: ['start'],
    error: 'must be a number of seconds',
  })
  .refine(({ end, end_time }) => end !== undefined || end_time !== undefined, {
    path: ['end'],
    error: 'must be a number of seconds',
  });
const Segments = z.array(Segment, 'must be an array');

/** Fields that Whisper's own segments do not have. */
const MARKS = ['segment_id', 'completed', 'absolute_start_time', 'start_time'];

/**
 * Vexa's transcripts: the answer of its REST API (`segments`), frames of its WebSocket (`confirmed` and `pending`), or the
 * bare segments. Times are seconds from the start of the capture; `completed: false` is interim, and the same
 * `segment_id` later on replaces it.
 */
export const vexa: JsonShape = {
  name: 'Vexa',
  mark: 'segments with segment_id or completed',
  matches: (value) => {
    if (isObject(value) && (Array.isArray(value['confirmed']) || Array.isArray(value['pending']))) return true;
    const segments: unknown = Array.isArray(value) ? value : isObject(value) ? value['segments'] : undefined;
    if (!Array.isArray(segments)) return false;
    const [first] = segments as unknown[];
    return isObject(first) && MARKS.some((mark) => mark in first);
  },
  cuesOf: (value) => {
    if (Array.isArray(value)) return cuesOf(read(NAME, Segments, value));
    const schema = z.object({
      segments: Segments.optional(),
      confirmed: Segments.nullish(),
      pending: Segments.nullish(),
      speaker: speaker.nullish(),
    });
    const { segments, confirmed, pending, speaker: who } = read(NAME, schema, value);
    const drafts = (pending ?? []).map((segment) => ({ ...segment, completed: false }));
    const all = [...(segments ?? []), ...(confirmed ?? []), ...drafts];
    return cuesOf(all.map((segment) => ({ ...segment, speaker: segment.speaker ?? who })));
  },
};

function cuesOf(segments: readonly z.output<typeof Segment>[]) {
  return segments.flatMap((segment) => {
    const { segment_id: id, text: said, speaker: who, language, completed, words } = segment;
    const cue = cueOf(
      {
        startMs: (segment.start ?? segment.start_time)!,
        endMs: (segment.end ?? segment.end_time)!,
        text: said,
        ...(id !== undefined && id !== null && { id: String(id) }),
        ...(who && { speaker: who }),
        ...langOf(language),
        ...(completed === false && { final: false }),
      },
      words?.map(({ word, text: spelt, start, end }) => ({ text: (word ?? spelt)!, startMs: start, endMs: end })),
    );
    return cue ? [cue] : [];
  });
}
