import type { View } from '../timeline/view.ts';
import type { LaneBitmap } from './laneBitmap.ts';
import type { Ink } from './LaneLook.ts';

/** Draws what of a lane is in view out of its picture. The context counts in px of the page. */
export function drawLane(
  context: CanvasRenderingContext2D,
  { picture, bucketMs, sentiment }: LaneBitmap,
  view: View,
  width: number,
  look: Ink,
): void {
  const pxPerMs = width / (view.toMs - view.fromMs);
  const bucketPx = bucketMs * pxPerMs;
  const fromBucket = view.fromMs / bucketMs;
  const toBucket = view.toMs / bucketMs;
  const first = Math.max(0, Math.floor(fromBucket));
  const last = Math.min(picture.width, Math.ceil(toBucket));
  if (last <= first) return;
  context.imageSmoothingEnabled = false;
  const x = (first - fromBucket) * bucketPx;
  context.drawImage(picture, first, 0, last - first, picture.height, x, 0, (last - first) * bucketPx, look.height);
  const line = new Path2D();
  line.addPath(sentiment, { a: bucketPx, d: 1, e: -fromBucket * bucketPx });
  context.strokeStyle = look.ink;
  context.lineWidth = 1.25;
  context.globalAlpha = 0.75;
  context.stroke(line);
  context.globalAlpha = 1;
}
