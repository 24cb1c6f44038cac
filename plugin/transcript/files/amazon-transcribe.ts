import { z } from 'zod';
import type { TranscriptCue } from '../TranscriptTypes.ts';
import { cuesOfWords, type SpokenWord } from './cue-words.ts';
import { isObject, langOf, read, secondsText, speaker, text, type JsonShape } from './json-shape.ts';

const Item = z
  .object({
    type: z.enum(['pronunciation', 'punctuation'], "must be 'pronunciation' or 'punctuation'"),
    start_time: secondsText.nullish(),
    end_time: secondsText.nullish(),
    alternatives: z.array(z.object({ content: text }), 'must be an array').min(1, 'must not be empty'),
    speaker_label: speaker.nullish(),
  })
  .refine(({ type, start_time }) => type === 'punctuation' || typeof start_time === 'number', {
    path: ['start_time'],
    error: 'must be a number of seconds',
  });
const Items = z.array(Item, 'must be an array');

const Segment = z.object({
  items: z.array(z.object({ start_time: secondsText, speaker_label: speaker.nullish() }), 'must be an array').nullish(),
  speaker_label: speaker.nullish(),
});

const File = z.object({
  results: z.object(
    {
      items: Items,
      language_code: z.string().nullish(),
      speaker_labels: z.object({ segments: z.array(Segment, 'must be an array') }).nullish(),
      channel_labels: z
        .object({ channels: z.array(z.object({ channel_label: text, items: Items }), 'must be an array') })
        .nullish(),
    },
    'must be an object { items }',
  ),
});

/**
 * The file that a batch job of Amazon Transcribe writes, with speaker labels, channel labels or neither. Times are seconds,
 * written as text.
 */
export const amazonTranscribe: JsonShape = {
  name: 'Amazon Transcribe',
  mark: 'results.items',
  matches: (value) => isObject(value) && isObject(value['results']) && 'items' in value['results'],
  cuesOf: (value) => {
    const { results } = read('Amazon Transcribe JSON', File, value);
    const lang = langOf(results.language_code);
    const channels = results.channel_labels?.channels;
    if (channels) return channels.flatMap(({ channel_label, items }) => cuesOf(items, () => channel_label, lang));
    const voices = voicesOf(results.speaker_labels?.segments ?? []);
    return cuesOf(results.items, ({ start_time, speaker_label }) => speaker_label ?? voices.get(start_time!), lang);
  },
};

/** Older files say who speaks in a list of its own, by the time at which each word begins. */
function voicesOf(segments: readonly z.output<typeof Segment>[]): Map<number, string> {
  const voices = new Map<number, string>();
  for (const { items, speaker_label } of segments) {
    for (const item of items ?? []) {
      const who = item.speaker_label ?? speaker_label;
      if (who) voices.set(item.start_time, who);
    }
  }
  return voices;
}

function cuesOf(
  items: readonly z.output<typeof Item>[],
  voiceOf: (item: z.output<typeof Item>) => string | null | undefined,
  lang: { lang?: string },
): TranscriptCue[] {
  const words: SpokenWord[] = [];
  for (const item of items) {
    const { content } = item.alternatives[0]!;
    const last = words.at(-1);
    if (item.type === 'punctuation') {
      if (last) last.text += content;
      continue;
    }
    const startMs = item.start_time!;
    const who = voiceOf(item);
    words.push({ text: content, startMs, endMs: item.end_time ?? startMs, ...(who && { speaker: who }) });
  }
  return cuesOfWords(words, lang);
}
