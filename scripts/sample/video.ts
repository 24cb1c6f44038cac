import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { openStagePage, portable } from './browser.ts';
import { characters } from './face/characters.ts';
import { buildHead } from './face/head-model.ts';
import { movement, Performance, type Pose } from './face/performance.ts';
import type { SpeakerId } from './script.ts';
import type { Timeline } from './timeline.ts';

export const FRAME_RATE = 15;
const WIDTH = 480;
const HEIGHT = 360;
const KEY_FRAME_INTERVAL = FRAME_RATE;
const BIT_RATE = '170k';

export interface VideoOptions {
  /** The folder `mpfb2`; see the README. */
  assets: string;
  /** A picture is drawn anew when something has moved this far, pixels. @default 0.5 */
  precision?: number;
  onFrame?(done: number, total: number): void;
}

/** Draws one speaker's pictures and encodes them as VP8, without references to pictures yet to come. */
export async function drawVideo(
  browser: Browser,
  speaker: SpeakerId,
  timeline: Timeline,
  path: string,
  { assets, precision = 0.5, onFrame }: VideoOptions,
): Promise<void> {
  const look = characters[speaker];
  const performance = new Performance(speaker, timeline, look.seed);
  const page = await openStagePage(browser);
  const open = (input: unknown[]) =>
    (globalThis as unknown as { openStage(...args: unknown[]): void }).openStage(...input);
  await page.evaluate(open, [portable(buildHead(assets, look)), look, WIDTH, HEIGHT]);

  const encoder = startEncoder(path);
  const ended = once(encoder, 'close');
  const frames = Math.round((timeline.durationMs * FRAME_RATE) / 1000);
  let picture = Buffer.alloc(0);
  let drawn: Pose | undefined;
  for (let frame = 0; frame < frames; frame += 1) {
    const pose = performance.at((frame * 1000) / FRAME_RATE);
    if (!drawn || movement(drawn, pose) > precision) {
      drawn = pose;
      const draw = (wanted: unknown) => (globalThis as unknown as { draw(pose: unknown): string }).draw(wanted);
      picture = Buffer.from(await page.evaluate(draw, pose), 'base64');
    }
    if (!encoder.stdin.write(picture)) await once(encoder.stdin, 'drain');
    onFrame?.(frame + 1, frames);
  }
  encoder.stdin.end();
  const [code] = (await ended) as [number];
  await page.close();
  if (code !== 0) throw new Error(`ffmpeg ended with ${code} for ${path}`);
}

function startEncoder(path: string) {
  return spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-y', '-f', 'image2pipe', '-framerate', String(FRAME_RATE), '-c:v', 'png', '-i', '-'],
      ...['-vf', 'scale=out_color_matrix=bt601:out_range=tv', '-pix_fmt', 'yuv420p', '-c:v', 'libvpx'],
      ...['-b:v', BIT_RATE, '-maxrate', '300k', '-bufsize', '300k', '-qmin', '6', '-qmax', '50'],
      ...['-g', String(KEY_FRAME_INTERVAL), '-keyint_min', String(KEY_FRAME_INTERVAL)],
      ...['-auto-alt-ref', '0', '-lag-in-frames', '0', '-error-resilient', '1', '-deadline', 'good', '-cpu-used', '1'],
      ...['-f', 'ivf', path],
    ],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  );
}
