/** Past meetings in a real browser, from a real server with a real store. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { keep, serverWithStore, signed, type Kept } from '../meetings/support.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';

const BUILT = existsSync(join(import.meta.dirname, '..', '..', 'dist', 'web', 'index.html'));
const skip = WITHOUT_CHROMIUM || (BUILT ? false : 'the page is not built (npm run build)');

let kept: Kept;
let browser: Browser;
let page: Page;
let meetingId: string;

before(async () => {
  if (skip) return;
  kept = await serverWithStore();
  ({ meetingId } = await keep(kept.store, { title: 'Monday' }));
  browser = await launchBrowser();
  page = await browser.newPage();
});

after(async () => {
  await browser?.close();
  await kept?.close();
});

test('meetings are listed for a token, and one opens as lanes with what was said', { skip }, async () => {
  await page.goto(`${kept.server.url}/meetings`);
  await page.getByTestId('meetings-token').fill(await signed('watcher', 'standup', 'room:all'));
  await page.getByTestId('meetings-token-use').click();
  await page.getByTestId('meeting').first().waitFor();
  assert.match((await page.getByTestId('meeting').first().textContent()) ?? '', /Monday.*1:00.*ended/);
  await page.getByTestId('meeting').first().click();
  await page.getByTestId('meeting-lane').first().waitFor();
  assert.equal(await page.getByTestId('meeting-lane').count(), 2);
  await page.getByTestId('moment-line').first().waitFor();
  assert.match((await page.getByTestId('moment-line').first().textContent()) ?? '', /Ada.*word number 0.*cues suggest/);
});

test('time is sought by keyboard, and a link leads to a moment', { skip }, async () => {
  await page.goto(`${kept.server.url}/meetings/${meetingId}?t=20000&from=10000&to=30000`);
  const slider = page.getByTestId('meeting-timeline');
  await slider.focus();
  assert.equal(await slider.getAttribute('aria-valuenow'), '20000');
  await slider.press('ArrowRight');
  await page.locator('[data-testid=meeting-timeline][aria-valuenow="20200"]').waitFor();
  await slider.press('End');
  await page.locator('[data-testid=meeting-timeline][aria-valuenow="60000"]').waitFor();
});

test('a phone shows it without scrolling sideways', { skip }, async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${kept.server.url}/meetings/${meetingId}`);
  await page.getByTestId('meeting-lane').first().waitFor();
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
});
