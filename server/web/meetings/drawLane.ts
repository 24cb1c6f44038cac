import type { MeetingDetail } from '../../../plugin/events/contract/v1/types.ts';
import type { View } from '../timeline/view.ts';

export type MeetingLane = MeetingDetail['lanes'][number];

const SPEECH_PX = 10;
/** Of a scale from -3 to 3. */
const SENTIMENT_LIMIT = 3;

export interface LaneLook {
  width: number;
  height: number;
  colorOf: (label: string) => string;
  ink: string;
  /** Label that alone is shown. */
  only?: string;
}

/** Draws the stretches of a lane that are in view: labels stacked, speech beneath, sentiment as a line. */
export function drawLane(
  context: CanvasRenderingContext2D,
  lane: MeetingLane,
  view: View,
  { width, height, colorOf, ink, only }: LaneLook,
): void {
  context.clearRect(0, 0, width, height);
  const xOf = (ms: number) => ((ms - view.fromMs) / (view.toMs - view.fromMs)) * width;
  const strip = height - SPEECH_PX - 2;
  const seen = lane.buckets.filter(({ i }) => (i + 1) * lane.bucketMs >= view.fromMs && i * lane.bucketMs <= view.toMs);
  const sentiment = new Path2D();
  let lastI: number | undefined;
  for (const { i, p, speechMs, sentiment: value, n } of seen) {
    const x = xOf(i * lane.bucketMs);
    const w = Math.max(1, xOf((i + 1) * lane.bucketMs) - x);
    const sum = Math.max(
      1,
      p.reduce((total, one) => total + one, 0),
    );
    let y = strip;
    lane.labels.forEach((label, index) => {
      const h = ((p[index] ?? 0) / sum) * strip;
      if (only !== undefined && only !== label) return;
      context.fillStyle = colorOf(label);
      context.fillRect(x, y - h, w, h);
      y -= h;
    });
    context.fillStyle = ink;
    const speech = Math.min(1, speechMs / lane.bucketMs) * SPEECH_PX;
    context.fillRect(x, height - speech, w, speech);
    if (n > 0 && p.some((one) => one > 0)) {
      const lineY = strip / 2 - (value / SENTIMENT_LIMIT) * (strip / 2 - 2);
      if (lastI === i - 1) sentiment.lineTo(x + w / 2, lineY);
      else sentiment.moveTo(x + w / 2, lineY);
      lastI = i;
    }
  }
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.stroke(sentiment);
}
