import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';

const CANDIDATES = [process.env['UNDERTONE_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'];

/** Where a Chromium is; undefined on a machine without. */
export const CHROMIUM = CANDIDATES.find((path) => path !== undefined && path !== '' && existsSync(path));

/** Reason for a test to be skipped, or false. */
export const WITHOUT_CHROMIUM = CHROMIUM === undefined ? 'no Chromium on this machine (npm test installs it)' : false;

/** Browsers run on other machines than the server; on this one they give way to it. */
const POLITE = fileURLToPath(new URL('./polite-chromium.sh', import.meta.url));

/** What a browser in a test or a benchmark must not do: call home, look for updates, wait for a GPU. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

export interface FakeMedia {
  /** `.y4m` or `.mjpeg`, played in a loop. */
  video: string;
  /** `.wav`, played in a loop. */
  audio: string;
}

/** A headless browser, with a camera and a microphone that play files where they are given. */
export function launchBrowser(media?: FakeMedia): Promise<Browser> {
  const fake = media
    ? [
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        '--allow-loopback-in-peer-connection',
        `--use-file-for-fake-video-capture=${media.video}`,
        `--use-file-for-fake-audio-capture=${media.audio}`,
      ]
    : ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--allow-loopback-in-peer-connection'];
  return chromium.launch({
    executablePath: POLITE,
    headless: true,
    args: [...QUIET, ...fake],
    env: { ...process.env, UNDERTONE_CHROMIUM: CHROMIUM },
  });
}
