/** The examples with a page, in a real browser against a real server. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openPage } from '../../scripts/example/servePage.ts';
import type { Server } from '../../server/index.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';
import { openServer } from '../server/support.ts';

const EXAMPLES = path.resolve(import.meta.dirname, '..', '..', 'examples');

describe('in a browser', { skip: WITHOUT_CHROMIUM }, () => {
  let server: Server;
  let browser: Browser;
  const pages: Page[] = [];
  const complaints: string[] = [];
  before(async () => {
    [server, browser] = await Promise.all([openServer(), launchBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    assert.deepEqual(complaints.splice(0), []);
  });

  async function open(url: string): Promise<Page> {
    const page = await browser.newPage();
    pages.push(page);
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(url);
    return page;
  }

  async function serve(t: { after: (fn: () => Promise<void>) => void }, name: string): Promise<string> {
    const vite = await openPage(path.join(EXAMPLES, name), { target: server.url, port: 0 });
    t.after(() => vite.close());
    return vite.resolvedUrls!.local[0]!;
  }

  test('subscribe-in-the-browser shows results as they come', { timeout: 120_000 }, async (t) => {
    const page = await open(await serve(t, 'subscribe-in-the-browser'));
    await page.getByRole('button', { name: 'Watch the sample call' }).click();
    await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
    const line = page.getByRole('listitem').first();
    await line.waitFor();
    assert.match((await line.textContent()) ?? '', /^\w+: (cues suggest \w+|not sure enough to say) /);
  });

  test(
    'react-room: who agrees and types is read in both tabs, and forgotten when they stop',
    { timeout: 120_000 },
    async (t) => {
      const url = await serve(t, 'react-room');
      const [ada, grace] = await Promise.all([open(url), open(url)]);
      for (const [page, name] of [
        [ada, 'Ada'],
        [grace, 'Grace'],
      ] as const) {
        await page.getByLabel('Your name').fill(name);
        await page.getByRole('button', { name: 'Join standup' }).click();
        await page.getByText('Connection: live').waitFor();
      }
      assert.equal(await grace.getByLabel('What you say').count(), 0, 'no words without consent');
      await ada.getByRole('button', { name: 'Analyse my words' }).click();
      await ada.getByText('Your words are analysed for expression cues').waitFor();
      await ada.getByLabel('What you say').fill('We shipped it, and it works!');
      await ada.getByRole('button', { name: 'Say it' }).click();
      for (const page of [ada, grace]) {
        const row = page.getByRole('listitem').filter({ hasText: /: words analysed/ });
        const read = row.filter({ hasText: /cues suggest|not sure/ }).waitFor({ timeout: 20_000 });
        await read.catch(async (cause: Error) => {
          throw new Error(`${complaints.join()}; the page shows: ${await page.locator('main').innerText()}`, { cause });
        });
      }
      await ada.getByRole('button', { name: 'Stop analysing me' }).click();
      for (const page of [ada, grace]) {
        const row = page.getByRole('listitem').filter({ hasText: /: not analysed/ });
        await row.waitFor();
        await row.filter({ hasNotText: /cues suggest|not sure/ }).waitFor();
      }
    },
  );
});
