import type { EmotionFinal } from '../contract/v1/types.ts';
import { standingFinals, survey, type EventSource } from './source.ts';

export interface WebVttOptions {
  /** Wall time at which the recording begins, which is 0 in the file. @default the start of the first utterance */
  zeroMs?: number;
}

function timestamp(ms: number): string {
  const whole = Math.round(ms);
  const pad = (value: number, digits: number) => String(value).padStart(digits, '0');
  const hours = Math.floor(whole / 3_600_000);
  return `${pad(hours, 2)}:${pad(Math.floor(whole / 60_000) % 60, 2)}:${pad(Math.floor(whole / 1_000) % 60, 2)}.${pad(whole % 1_000, 3)}`;
}

/** JSON on one line in which no `-->` can be: it would end the cue. */
const payload = (final: EmotionFinal) => JSON.stringify(final).replaceAll('>', '\\u003e');

/**
 * A WebVTT file of `kind="metadata"`: a cue for each result that holds, over the time of its utterance, with the event as
 * JSON. Utterances from before the recording begins are left out; one that began before it is cut.
 * @see https://www.w3.org/TR/webvtt1/#introduction-metadata
 */
export async function* writeWebVtt(source: EventSource, options: WebVttOptions = {}): AsyncGenerator<string> {
  const overview = await survey(source);
  const zeroMs = options.zeroMs ?? overview.startMs ?? 0;
  yield 'WEBVTT\n\nNOTE Undertone, contract v1: each cue is an emotion.final as JSON. Times are from the start of the media.\n';
  for await (const final of standingFinals(source, overview)) {
    const [from, to] = [Math.max(0, final.span.startMs - zeroMs), final.span.endMs - zeroMs];
    if (to <= 0) continue;
    // A cue that takes no time is no cue.
    yield `\n${final.utteranceId.replaceAll(/\s|-->/g, '_')}\n${timestamp(from)} --> ${timestamp(Math.max(to, from + 1))}\n${payload(final)}\n`;
  }
}
