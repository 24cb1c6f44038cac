import { setTimeout as delay } from 'node:timers/promises';
import { createWorker, type types as mediasoup } from 'mediasoup';
import { RouterTap } from '../../../plugin/tap/RouterTap.ts';
import type { TrackTap } from '../../../plugin/tap/TrackTap.ts';
import { mediaCodecs } from '../../../server/sfu/mediaCodecs.ts';
import { launchBrowser } from '../../chromium/launch.ts';
import { BeepOnsets, errorOf } from './beep-onsets.ts';
import { DecodedTap, DETECTORS_DIR } from './decoded-tap.ts';
import { facePicture } from './flash-beep/face-picture.ts';
import { type FlashBeepSender, openSender } from './flash-beep/open-sender.ts';
import { numberOf, planFrom, sceneOf, type ShownPicture } from './flash-beep/scene.ts';

/** A browser's first report of sound may take its 5 s, and starting a browser on a busy machine more. */
const REPORTS_WITHIN_MS = 45_000;
/** Before the SFU believes in a sender's clock it wants to have had so many reports. */
const REPORTS = 3;
/** From then on the SFU needs a second to report it to the tap, and the times bend towards it. */
const SETTLE_MS = 2500;
/** What is told of a flash comes at most so much later: network, decoder, frames of sound. */
const TAIL_MS = 1500;
/** Half of the shortest gap between flashes: what is told belongs to the nearest. */
const NEAREST_MS = 450;
/** How much longer pictures are under way than sound; what is without reports, all of this would be seen. */
const VIDEO_DELAY_MS = 120;
const JITTER_MS = 30;
const LOSS = 0.02;

/** One picture or beep, and how much later than the page made it the analyzer says that it was, ms. */
export interface Told {
  atMs: number;
  errorMs: number;
}

export interface BrowserTimes {
  pictures: Told[];
  beeps: Told[];
  /** Widths of the pictures that flashes were seen in, pixels. */
  widths: Set<number>;
}

export interface BrowserOptions {
  /** Simulcast layers that the browser sends. @default 1 */
  layers?: 1 | 2;
  /** What befalls the call after the first sender reports; the first flash then waits for the next ones. */
  before?: (call: { sender: FlashBeepSender; video: TrackTap }) => Promise<void>;
}

/**
 * Flashes and beeps out of a real browser, through a rough network, mediasoup and the tap to the decoder thread. The page
 * says when it made each, on the clock of this machine, so that what the analyzer says can be held against it. The first
 * flash waits for the first sender reports of both streams.
 *
 * @param count Flashes, each with its beep.
 */
export async function measureInBrowser(count: number, { layers, before }: BrowserOptions = {}): Promise<BrowserTimes> {
  const scene = sceneOf(await facePicture(DETECTORS_DIR), layers);
  const seen: ShownPicture[] = [];
  const widths = new Set<number>();
  const beeps = new BeepOnsets();
  const failures: string[] = [];
  const link = await DecodedTap.open(scene.fps * 2, (message) => {
    if (message.type === 'face' && message.face) {
      const { box, frameWidth } = message.face;
      const number = numberOf(scene, ((box.x + box.width / 2) / frameWidth) * scene.width);
      if (number !== null) {
        seen.push({ number, atMs: message.atMs });
        widths.add(frameWidth);
      }
    }
    if (message.type === 'audio') beeps.sound(message.startMs, message.pcm);
    if (message.type === 'keyframe') void tap.track(message.trackId)?.requestKeyFrame();
    if (message.type === 'error') failures.push(message.message);
  });
  const worker = await createWorker({ logLevel: 'error' });
  const router = await worker.createRouter({ mediaCodecs });
  const tap = await RouterTap.open(router, 'flash-beep', link);
  const browser = await launchBrowser();
  try {
    const sender = await openSender(browser, router, scene);
    const videoTypes = payloadTypes(sender.producers.get('video'));
    const delayMs = new Map(videoTypes.map((type) => [type, VIDEO_DELAY_MS]));
    sender.network.roughness = { jitterMs: JITTER_MS, loss: LOSS, delayMs };
    const [, video] = await Promise.all(
      (['audio', 'video'] as const).map((kind) =>
        tap.tap(sender.producers.get(kind)!, 'sender', { muted: () => {}, closed: () => {} }),
      ),
    );
    await reported(sender);
    await delay(SETTLE_MS);
    if (before) {
      await before({ sender, video: video! });
      // Whatever it was, the sender's clock is sure of again with the next report.
      await reportedAgain(sender);
      await delay(SETTLE_MS);
    }
    const plan = planFrom(Date.now(), count);
    await sender.flashAndBeep(plan);
    await delay(plan.at(-1)! + TAIL_MS - Date.now());
    const truth = await sender.truth();
    if (failures.length > 0) throw new Error(`the decoder thread failed: ${failures.join('; ')}`);
    const toldOf = (number: number) => seen.filter((picture) => picture.number === number).map(({ atMs }) => atMs);
    return {
      pictures: truth.pictures.flatMap(({ number, atMs }) => told(atMs, toldOf(number))),
      beeps: truth.beeps.flatMap((atMs) => told(atMs, beeps.atMs)),
      widths,
    };
  } finally {
    await browser.close();
    tap.close();
    await link.close();
    worker.close();
  }
}

function told(trueMs: number, toldMs: readonly number[]): Told[] {
  const errorMs = errorOf(trueMs, toldMs, NEAREST_MS);
  return errorMs === null ? [] : [{ atMs: trueMs, errorMs }];
}

/** Resolves when the sender reports of all its streams have been seen. */
async function reported({ producers, network: { senderReports } }: FlashBeepSender): Promise<void> {
  const streams = [...producers.values()].flatMap(({ rtpParameters }) => rtpParameters.encodings ?? []).length;
  const until = Date.now() + REPORTS_WITHIN_MS;
  const seen = () => [...senderReports.values()].reduce((sum, count) => sum + count, 0);
  while (senderReports.size < streams || seen() < REPORTS) {
    if (Date.now() > until) throw new Error(`no sender reports of all ${streams} streams in ${REPORTS_WITHIN_MS} ms`);
    await delay(100);
  }
}

/** Resolves when each stream has sent another report. */
async function reportedAgain({ network: { senderReports } }: FlashBeepSender): Promise<void> {
  const known = new Map(senderReports);
  const until = Date.now() + REPORTS_WITHIN_MS;
  while ([...known].some(([stream, count]) => senderReports.get(stream) === count)) {
    if (Date.now() > until) throw new Error(`not another sender report of each stream in ${REPORTS_WITHIN_MS} ms`);
    await delay(100);
  }
}

function payloadTypes(producer: mediasoup.Producer | undefined): number[] {
  return producer?.rtpParameters.codecs.map(({ payloadType }) => payloadType) ?? [];
}
