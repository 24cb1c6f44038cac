/** The built page in a real browser, served by the real server: what no unit test of its parts can show. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { UndertoneEvent } from '../../plugin/index.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';
import { startServer, type ServerProcess } from '../support/server-process.ts';

const BUILT = existsSync(join(import.meta.dirname, '..', '..', 'dist', 'web', 'index.html'));
const skip = WITHOUT_CHROMIUM || (BUILT ? false : 'the page is not built (npm run build)');

let server: ServerProcess;
let browser: Browser;
let page: Page;
/** What the browser complains of, refused by the content security policy included. */
let complaints: string[];
let foreign: string[];

before(async () => {
  if (skip) return;
  server = await startServer();
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

beforeEach(async () => {
  if (skip) return;
  complaints = [];
  foreign = [];
  page = await (await browser.newContext({ permissions: ['camera', 'microphone'] })).newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== server.url)
      foreign.push(request.url());
  });
});

afterEach(async () => {
  await page?.context().close();
});

async function joinRoom(room: string): Promise<void> {
  await page.goto(`${server.url}/r/${room}?debug`);
  await page.getByTestId('join-name').fill('Ada');
  await page.getByTestId('join-button').click();
  await page.getByTestId('consent-accept').waitFor();
}

const events = () =>
  page.evaluate(() => (globalThis as unknown as { __undertone: { events: UndertoneEvent[] } }).__undertone.events);

test(
  'the sample call shows a reading within ten seconds of the click, and nothing is asked of anybody else',
  { skip },
  async (t) => {
    await page.goto(server.url);
    const startMs = performance.now();
    await page.getByTestId('watch-sample').click();
    await page.getByTestId('reading').first().waitFor({ timeout: 10_000 });
    t.diagnostic(`first reading after ${Math.round(performance.now() - startMs)} ms`);
    await page.getByTestId('transcript-line').first().waitFor();
    assert.match((await page.getByTestId('reading').first().textContent()) ?? '', /^expression cues/);
    assert.deepEqual(complaints, []);
    assert.deepEqual(foreign, []);
    assert.equal(
      await page.evaluate(() => '__undertone' in globalThis),
      false,
      'events are open to scripts only on request',
    );
  },
);

test(
  'consent is asked for with nothing ticked, both answers look the same, and no leaves everything as it was',
  { skip },
  async () => {
    await joinRoom('door');
    for (const modality of ['audio', 'video', 'text']) {
      assert.equal(await page.getByTestId(`consent-${modality}`).isChecked(), false, modality);
    }
    // Code for the browser is text here: this file is checked without the browser's types.
    const looks = (id: string): Promise<unknown> =>
      page.getByTestId(id).evaluate(`(button) => {
      const { height, width } = button.getBoundingClientRect();
      const { backgroundColor, borderColor, color, fontSize, fontWeight } = getComputedStyle(button);
      return { height, width, backgroundColor, borderColor, color, fontSize, fontWeight };
    }`);
    await page.mouse.move(0, 0);
    assert.deepEqual(await looks('consent-decline'), await looks('consent-accept'));
    await page.getByTestId('consent-decline').click();
    assert.equal(await page.getByTestId('analysed-indicator').getAttribute('data-consent'), '');
    assert.equal(await page.getByTestId('stop-analysing').count(), 0);
    // Who is in the call, and how busy the analyzer is with other calls, is told in any case.
    const untouched = ['analysis.state', 'consent.changed', 'participant.joined', 'overload'];
    assert.deepEqual(
      [...new Set((await events()).map(({ type }) => type))].filter((type) => !untouched.includes(type)),
      [],
    );
  },
);

test('the indicator follows what really flows, and one click ends it', { skip }, async () => {
  await joinRoom('flow');
  await page.getByTestId('consent-audio').check();
  await page.getByTestId('consent-accept').click();
  const indicator = page.getByTestId('analysed-indicator');
  await page.locator('[data-testid=analysed-indicator][data-analysed="audio"]').waitFor();
  assert.match((await indicator.textContent()) ?? '', /voice/);
  assert.equal(await page.getByTestId('caption-input').count(), 0, 'no words without consent to words');
  await page.getByTestId('stop-analysing').click();
  await page.locator('[data-testid=analysed-indicator][data-analysed=""][data-consent=""]').waitFor();
  const last = (await events()).findLast(({ type }) => type === 'consent.changed');
  assert.deepEqual(last?.type === 'consent.changed' && last.analysed, { audio: false, video: false, text: false });
  assert.deepEqual(complaints, []);
});

test(
  'a call without camera and microphone is possible, and a device that is refused is explained',
  { skip },
  async () => {
    await page.addInitScript(() => {
      const refuse = () => Promise.reject(new DOMException('refused', 'NotAllowedError'));
      Object.defineProperty(globalThis.navigator, 'mediaDevices', { value: { getUserMedia: refuse } });
    });
    await page.goto(`${server.url}/r/quiet`);
    await page.getByTestId('join-name').fill('Ada');
    await page.getByTestId('join-button').click();
    assert.match(
      (await page.getByTestId('device-banner').textContent()) ?? '',
      /may not use your camera and microphone/,
    );
    await page.getByTestId('way-none').check();
    await page.getByTestId('join-button').click();
    await page.getByTestId('consent-decline').click();
    await page.getByTestId('alone').waitFor();
  },
);

test('the page is as wide as the screen and no wider, on a phone too', { skip }, async () => {
  for (const [width, height] of [
    [390, 844],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.goto(server.url);
    await page.getByTestId('watch-sample').waitFor();
    const wide = (): Promise<unknown> => page.evaluate('document.documentElement.scrollWidth');
    assert.equal(await wide(), width);
    await joinRoom('narrow');
    await page.getByTestId('consent-decline').click();
    await page.getByTestId('alone').waitFor();
    assert.equal(await wide(), width);
  }
});
