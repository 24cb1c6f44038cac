import { z } from 'zod';
import { cueOf, cuesOfWords } from './cue-words.ts';
import { isObject, langOf, read, seconds, speaker, text, type JsonShape } from './json-shape.ts';

const Words = z.array(
  z.object({ word: text, punctuated_word: text.nullish(), start: seconds, end: seconds, speaker: speaker.nullish() }),
  'must be an array',
);

const Utterance = z.object({
  start: seconds,
  end: seconds,
  transcript: text,
  channel: z.number().nullish(),
  speaker: speaker.nullish(),
  words: Words.nullish(),
});

const File = z.object({
  results: z.object(
    {
      channels: z.array(
        z.object({
          alternatives: z.array(z.object({ words: Words.nullish() }), 'must be an array'),
          detected_language: z.string().nullish(),
        }),
        'must be an array',
      ),
      utterances: z.array(Utterance, 'must be an array').nullish(),
    },
    'must be an object { channels }',
  ),
});

/**
 * The answer of Deepgram's API to a recording, with `utterances` or without, with diarization or not. Several channels that
 * are not diarized are several voices: `channel 0`, `channel 1`. Times are seconds.
 */
export const deepgram: JsonShape = {
  name: 'Deepgram',
  mark: 'results.channels',
  matches: (value) => isObject(value) && isObject(value['results']) && 'channels' in value['results'],
  cuesOf: (value) => {
    const { channels, utterances } = read('Deepgram JSON', File, value).results;
    const voice = (who: string | null | undefined, channel: number | null | undefined): { speaker?: string } => {
      if (channels.length > 1) {
        const name = `channel ${channel ?? 0}`;
        return { speaker: who ? `${name}, ${who}` : name };
      }
      return who ? { speaker: who } : {};
    };
    const wordsOf = (words: z.output<typeof Words> | null | undefined, channel: number | null | undefined) =>
      (words ?? []).map(({ word, punctuated_word, start, end, speaker: who }) => ({
        text: punctuated_word ?? word,
        startMs: start,
        endMs: end,
        ...voice(who, channel),
      }));
    if (utterances && utterances.length > 0) {
      return utterances.flatMap(({ start, end, transcript, channel, speaker: who, words }) => {
        const lang = langOf(channels[channel ?? 0]?.detected_language);
        const cue = { startMs: start, endMs: end, text: transcript, ...voice(who, channel), ...lang };
        return cueOf(cue, wordsOf(words, channel)) ?? [];
      });
    }
    return channels.flatMap(({ alternatives, detected_language }, channel) =>
      cuesOfWords(wordsOf(alternatives[0]?.words, channel), langOf(detected_language)),
    );
  },
};
