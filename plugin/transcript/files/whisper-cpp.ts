import { z } from 'zod';
import type { TranscriptWord } from '../TranscriptTypes.ts';
import { cueOf } from './cue-words.ts';
import { isObject, langOf, read, speaker, text, type JsonShape } from './json-shape.ts';

const ms = z.number('must be a number of milliseconds').nonnegative('must not be negative');
const Offsets = z.object({ from: ms, to: ms }, 'must be an object { from, to } in milliseconds');

const Token = z.object({ text, offsets: Offsets.optional() });

const File = z.object({
  result: z.object({ language: z.string().nullish() }).nullish(),
  transcription: z.array(
    z.object({
      offsets: Offsets,
      text,
      tokens: z.array(Token, 'must be an array').nullish(),
      speaker: speaker.nullish(),
    }),
    'must be an array',
  ),
});

/** `[_BEG_]`, `[_TT_150]`, `[_EOT_]`: what the model tells itself. */
const CONTROL = /^\[_.*\]$/;

/**
 * whisper.cpp's JSON: `-oj`, or `-ojf` with tokens, of which words are made. Times are milliseconds.
 */
export const whisperCpp: JsonShape = {
  name: 'whisper.cpp',
  mark: 'transcription',
  matches: (value) => isObject(value) && 'transcription' in value,
  cuesOf: (value) => {
    const { result, transcription } = read('whisper.cpp JSON', File, value);
    const lang = langOf(result?.language);
    return transcription.flatMap(({ offsets, text: said, tokens, speaker: who }) => {
      const named = who === undefined || who === null || who === '' || who === '?' ? {} : { speaker: who };
      const words = wordsOf(tokens ?? []);
      const cue = cueOf({ startMs: offsets.from, endMs: offsets.to, text: said, ...named, ...lang }, words);
      return cue ? [cue] : [];
    });
  },
};

/** A token that begins with a space begins a word; the others, punctuation too, go on with it. */
function wordsOf(tokens: readonly z.output<typeof Token>[]): TranscriptWord[] {
  const words: TranscriptWord[] = [];
  for (const { text: piece, offsets } of tokens) {
    if (CONTROL.test(piece)) continue;
    // Words without times are spread over the cue later on; half of them timed would be worse than none.
    if (!offsets) return [];
    const word = words.at(-1);
    if (word && !/^\s/.test(piece)) {
      word.text += piece;
      word.endMs = Math.max(word.endMs, offsets.to);
    } else {
      words.push({ text: piece, startMs: offsets.from, endMs: offsets.to });
    }
  }
  return words;
}
