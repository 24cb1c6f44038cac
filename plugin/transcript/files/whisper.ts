import { z } from 'zod';
import type { TranscriptCue, TranscriptWord } from '../TranscriptTypes.ts';
import { cueOf, cuesOfWords } from './cue-words.ts';
import { isObject, langOf, read, seconds, speaker, text, type JsonShape } from './json-shape.ts';

const NAME = 'Whisper JSON';

const Word = z.object({
  word: text,
  /** WhisperX gives no times to what it could not align, such as digits. */
  start: seconds.nullish(),
  end: seconds.nullish(),
});
const Words = z.array(Word, 'must be an array').nullish();

const Segment = z.object(
  { start: seconds, end: seconds, text, words: Words, speaker: speaker.nullish() },
  'must be an object { start, end, text }',
);

const Segments = z.array(Segment, 'must be an array');
const File = z.object({ segments: Segments.optional(), words: Words, language: z.string().nullish() });

/**
 * openai-whisper's JSON (`whisper --output_format json`, with `--word_timestamps` or not), WhisperX' with speakers, the
 * `verbose_json` of OpenAI's transcription API, and the segments of faster-whisper written as JSON, bare or in `segments`.
 * Times are seconds.
 */
export const whisper: JsonShape = {
  name: 'Whisper',
  mark: 'segments with start, end and text',
  matches: (value) => {
    if (Array.isArray(value)) return isSegment(value[0]);
    return isObject(value) && (Array.isArray(value['segments']) || isWord(value['words']));
  },
  cuesOf: (value) => {
    if (Array.isArray(value)) return cuesOf(read(NAME, Segments, value), {});
    const { segments, words, language } = read(NAME, File, value);
    const lang = langOf(language);
    return segments ? cuesOf(segments, lang) : cuesOfWords(timed(words, 0), lang);
  },
};

function isSegment(value: unknown): boolean {
  return isObject(value) && 'start' in value && 'end' in value && 'text' in value;
}

function isWord(value: unknown): boolean {
  return Array.isArray(value) && isObject(value[0]) && 'word' in value[0];
}

function cuesOf(segments: z.output<typeof Segments>, lang: { lang?: string }): TranscriptCue[] {
  return segments.flatMap(({ start, end, text: said, words, speaker: who }) => {
    const named = who === undefined || who === null ? {} : { speaker: who };
    const cue = cueOf({ startMs: start, endMs: end, text: said, ...named, ...lang }, timed(words, start));
    return cue ? [cue] : [];
  });
}

/** A word without times of its own lies between its neighbours. */
function timed(words: z.output<typeof Words>, fromMs: number): TranscriptWord[] {
  let reachedMs = fromMs;
  return (words ?? []).map(({ word, start, end }, index, all) => {
    const next = all.slice(index + 1, index + 50).find((later) => typeof later.start === 'number')?.start;
    const startMs = start ?? reachedMs;
    const endMs = Math.max(startMs, end ?? next ?? startMs);
    reachedMs = endMs;
    return { text: word, startMs, endMs };
  });
}
