/** A newcomer's way in a real browser: from the first page to the sample meeting, without a camera, a token or a store. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Server } from '../../server/index.ts';
import { readSampleMeeting } from '../../server/sample/meetingFile.ts';
import { openServer } from '../server/support.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';

const BUILT = existsSync(join(import.meta.dirname, '..', '..', 'dist', 'web', 'index.html'));
const skip = WITHOUT_CHROMIUM || (BUILT ? false : 'the page is not built (npm run build)');

const { about, events } = await readSampleMeeting();
let server: Server;
let browser: Browser;
let page: Page;

before(async () => {
  if (skip) return;
  server = await openServer({ sampleMeeting: true });
  browser = await launchBrowser();
  page = await browser.newPage();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

test('the first page leads to it: a lane for each speaker, and what was said', { skip }, async () => {
  await page.goto(server.url);
  await page.getByTestId('sample-meeting').click();
  await page.getByTestId('meeting-lane').first().waitFor();
  assert.equal(new URL(page.url()).pathname, `/meetings/${about.meetingId}`);
  assert.equal(await page.getByTestId('meeting-lane').count(), about.participants.length);
  assert.equal(await page.getByRole('heading', { name: about.title }).count(), 1);
  assert.match((await page.locator('main').textContent()) ?? '', /sample.*the speakers are synthesised/);
  const [first] = events.filter((event) => event.type === 'emotion.final');
  await page.getByTestId('moment-line').first().waitFor();
  const line = (await page.getByTestId('moment-line').first().textContent()) ?? '';
  assert.ok(line.includes(`Maya${first!.transcript!.text}`), line);
  // Played through the replay API, without a token.
  await page.getByTestId('meeting-rate').selectOption('32');
  await page.getByTestId('meeting-play').click();
  await page.getByTestId('meeting-playback').filter({ hasText: 'the end' }).waitFor();
});

test('the list of past meetings has it, marked as a sample', { skip }, async () => {
  await page.goto(`${server.url}/meetings`);
  const entry = page.getByTestId('meeting');
  await entry.first().waitFor();
  assert.equal(await entry.count(), 1);
  assert.match((await entry.first().textContent()) ?? '', new RegExp(`${about.title}.*sample.*ended`));
  await entry.first().click();
  await page.getByTestId('meeting-lane').first().waitFor();
});

test('where a setting hides it, the first page has no link to it', { skip }, async () => {
  const hidden = await openServer({ sampleMeeting: false });
  try {
    await page.goto(hidden.url);
    // What the server says about itself has come when its version is shown.
    await page.locator('.honest-server').waitFor();
    assert.equal(await page.getByTestId('sample-meeting').count(), 0);
  } finally {
    await hidden.close();
  }
});
