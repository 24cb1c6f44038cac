import type { Filter } from './Filter.ts';
import { showsLabel } from './Filter.ts';
import type { LaneLook } from './LaneLook.ts';
import type { MeetingLane } from './lanesOf.ts';

/** Beneath the labels: how much of the time was speech. */
const SPEECH_PX = 10;
const GAP_PX = 2;
/** Of a scale from -3 to 3. */
const SENTIMENT_LIMIT = 3;

/**
 * A whole lane, drawn once: one pixel to a stretch of time, so that any view of it is one stretched copy. The line of the sentiment is
 * apart, in stretches by px of the page, as it must not become thicker.
 */
export interface LaneBitmap {
  picture: HTMLCanvasElement;
  bucketMs: number;
  sentiment: Path2D;
}

/** @returns undefined for a lane with nothing in it */
export function laneBitmap(lane: MeetingLane, filter: Filter, look: LaneLook): LaneBitmap | undefined {
  const last = lane.buckets.at(-1);
  const picture = document.createElement('canvas');
  const context = picture.getContext('2d');
  if (!last || !context) return undefined;
  const { height, ratio, colorOf, ink } = look;
  picture.width = last.i + 1;
  picture.height = Math.round(height * ratio);
  context.scale(1, ratio);
  const strip = height - SPEECH_PX - GAP_PX;
  const colors = lane.labels.map(colorOf);
  const shown = lane.labels.map((label) => showsLabel(filter, label));
  const sentiment = new Path2D();
  let before: number | undefined;
  for (const { i, p, speechMs, sentiment: value } of lane.buckets) {
    const sum = Math.max(
      1,
      p.reduce((total, one) => total + one, 0),
    );
    let y = strip;
    p.forEach((share, index) => {
      if (!shown[index]) return;
      const h = (share / sum) * strip;
      context.fillStyle = colors[index]!;
      context.fillRect(i, y - h, 1, h);
      y -= h;
    });
    context.fillStyle = ink;
    // By its root: of twenty people each speaks a twentieth of the time, which is to be seen as well.
    const speech = Math.sqrt(Math.min(1, speechMs / lane.bucketMs)) * SPEECH_PX;
    context.fillRect(i, height - speech, 1, speech);
    // Beside a choice of labels it would be a line without a ground.
    if (filter.labels.length > 0 || !p.some((one) => one > 0)) continue;
    const lineY = strip / 2 - (value / SENTIMENT_LIMIT) * (strip / 2 - 2);
    if (before === i - 1) sentiment.lineTo(i + 0.5, lineY);
    else sentiment.moveTo(i + 0.5, lineY);
    before = i;
  }
  return { picture, bucketMs: lane.bucketMs, sentiment };
}
