import type { View } from '../timeline/view.ts';
import { restsOn, showsLabel, type Filter } from './Filter.ts';
import type { Ink } from './LaneLook.ts';
import type { Utterance } from './Utterance.ts';

/** From the top: the labels, the speech, the words. */
const WORDS_PX = 16;
const SPEECH_PX = 3;
/** No word can be read in less. */
const LEAST_TEXT_PX = 40;

/** A view that is this long or shorter shows each utterance on its own. */
const CLOSE_MS = 10 * 60_000;

export function isClose({ fromMs, toMs }: View): boolean {
  return toMs - fromMs <= CLOSE_MS;
}

/** Draws single utterances: what their results suggest, from when to when they were spoken, and their words. */
export function drawUtterances(
  context: CanvasRenderingContext2D,
  utterances: readonly Utterance[],
  view: View,
  width: number,
  { filter, look }: { filter: Filter; look: Ink },
): void {
  const xOf = (ms: number) => ((ms - view.fromMs) / (view.toMs - view.fromMs)) * width;
  const strip = look.height - WORDS_PX - SPEECH_PX - 2;
  const baseline = look.height - 4;
  context.font = look.font;
  context.textBaseline = 'alphabetic';
  const seen = utterances.filter(({ startMs, endMs }) => endMs >= view.fromMs && startMs <= view.toMs);
  seen.forEach((utterance, index) => {
    const { startMs, endMs, labels, lead, text } = utterance;
    const x = xOf(startMs);
    const w = Math.max(1, xOf(endMs) - x);
    context.fillStyle = look.ink;
    context.fillRect(x, strip + 1, w, SPEECH_PX);
    if (!restsOn(filter, utterance)) return;
    if (lead === undefined) {
      context.strokeStyle = look.quiet;
      context.lineWidth = 1;
      context.setLineDash([3, 3]);
      context.strokeRect(x + 0.5, 0.5, Math.max(1, w - 1), strip - 1);
      context.setLineDash([]);
    } else {
      const sum = Math.max(
        1,
        labels.reduce((total, { p }) => total + p, 0),
      );
      let y = strip;
      for (const { name, p } of [...labels].sort((a, b) => (a.name < b.name ? -1 : 1))) {
        if (!showsLabel(filter, name)) continue;
        const h = (p / sum) * strip;
        context.fillStyle = look.colorOf(name);
        context.fillRect(x, y - h, w, h);
        y -= h;
      }
    }
    const left = Math.max(0, x);
    const room = Math.min(width, index + 1 < seen.length ? xOf(seen[index + 1]!.startMs) : width) - left - 4;
    if (text === undefined || room < LEAST_TEXT_PX) return;
    context.save();
    context.beginPath();
    context.rect(left, strip, room, look.height - strip);
    context.clip();
    context.fillStyle = look.ink;
    context.fillText(text, left, baseline);
    context.restore();
  });
}
