/**
 * What the windows do, on the page of a real call: the sample meeting, through the SFU, the analyzer and the model, into
 * the strips that `?debug` shows.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { UndertoneEvent } from '../../plugin/index.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';
import { startServer, type ServerProcess } from '../support/server-process.ts';

const skip = WITHOUT_CHROMIUM;
/** The sample call lasts 30 s, and its last results a little longer. */
const CALL_MS = 60_000;

let server: ServerProcess;
let browser: Browser;

before(async () => {
  if (skip) return;
  server = await startServer();
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(path: string): Promise<{ page: Page; complaints: string[] }> {
  const complaints: string[] = [];
  const page = await (await browser.newContext({ permissions: ['camera', 'microphone'] })).newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(server.url + path);
  return { page, complaints };
}

const events = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { __undertone: { events: UndertoneEvent[] } }).__undertone.events);

test(
  'each speaker’s strip shows sound, speech, windows with their words, and faces',
  { skip, timeout: 120_000 },
  async () => {
    const { page, complaints } = await open('/?debug');
    await page.getByTestId('watch-sample').click();
    const strips = page.getByTestId('windows-strip');
    await strips.nth(2).waitFor({ timeout: 20_000 });
    // Whose face it is, is left open: under load pictures are the first to be given up.
    await strips.locator('.face, .face-none').first().waitFor({ state: 'attached', timeout: CALL_MS });
    const seen: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const strip = strips.nth(i);
      await strip.locator('path.envelope[d^=M]').waitFor({ state: 'attached', timeout: CALL_MS });
      const window = strip.locator('g[data-utterance]:has(.word-mark)').first();
      seen.push((await window.getAttribute('data-utterance', { timeout: CALL_MS }))!);
    }
    const started = (await events(page)).flatMap((event) =>
      event.type === 'utterance.start' ? [event.utteranceId] : [],
    );
    assert.equal(new Set(seen).size, 3, 'each has a window of their own');
    for (const utteranceId of seen) assert.ok(started.includes(utteranceId), 'the events tell of the same window');

    const plot = strips.first().getByTestId('timeline-plot');
    await plot.focus();
    assert.match((await plot.getAttribute('aria-valuetext'))!, /^\d+:\d\d\.\d: /);
    const held = await plot.getAttribute('aria-valuenow');
    await page.keyboard.press('ArrowLeft');
    assert.ok(Number(await plot.getAttribute('aria-valuenow')) < Number(held));
    assert.deepEqual(complaints, []);
    await page.context().close();
  },
);

test('without the switch there is no strip, and nothing is asked for', { skip, timeout: 90_000 }, async () => {
  const { page } = await open('/');
  const asked: string[] = [];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      if (String(payload).includes('trace.read')) asked.push(String(payload));
    });
  });
  await page.getByTestId('watch-sample').click();
  await page.getByTestId('reading').first().waitFor({ timeout: CALL_MS });
  assert.equal(await page.getByTestId('windows-strip').count(), 0);
  assert.deepEqual(asked, []);
  await page.context().close();
});

test('one’s own strip comes with one’s consent and goes with it', { skip, timeout: 90_000 }, async () => {
  const { page, complaints } = await open('/r/strip?debug');
  await page.getByTestId('join-name').fill('Ada');
  await page.getByTestId('join-button').click();
  await page.getByTestId('consent-accept').waitFor();
  assert.equal(await page.getByTestId('windows-strip').count(), 0);
  await page.getByTestId('consent-audio').check();
  await page.getByTestId('consent-accept').click();
  // The browser's own fake microphone beeps.
  await page
    .getByTestId('windows-strip')
    .locator('path.envelope[d^=M]')
    .waitFor({ state: 'attached', timeout: 30_000 });
  assert.equal(
    await page.getByTestId('windows-strip').locator('.face, .face-none').count(),
    0,
    'no face was consented to',
  );
  await page.getByTestId('stop-analysing').click();
  await page.getByTestId('windows-strip').waitFor({ state: 'detached' });
  assert.deepEqual(complaints, []);
  await page.context().close();
});
