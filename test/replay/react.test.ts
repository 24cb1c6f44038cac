/** The hook in a real browser, against the real server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundle } from '../client/bundle.ts';
import { keep, serverWithStore, signed } from '../meetings/support.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';

test('the hook plays a meeting for as long as its component is there', { skip: WITHOUT_CHROMIUM }, async (t) => {
  const [{ code }, kept, browser] = await Promise.all([
    bundle('test/replay/react-page.ts'),
    serverWithStore(),
    launchBrowser(),
  ]);
  t.after(async () => {
    await browser.close();
    await kept.close();
  });
  const { meetingId } = await keep(kept.store);
  const token = await signed('watcher', 'standup', 'room:all');
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  const { url } = kept.server;
  const body = '<!doctype html><title>t</title><div id="root"></div><script type="module" src="/app.js"></script>';
  await page.route(`${url}/page?**`, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.route(`${url}/app.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript; charset=utf-8', body: code }),
  );
  const shows = (id: string, hasText: string | RegExp) => page.locator(`#${id}`, { hasText }).waitFor();
  await page.goto(`${url}/page?${new URLSearchParams({ token, meeting: meetingId }).toString()}`);
  await shows('status', 'live');
  await shows('position', /^paused 0$/);
  await page.locator('#seek').click();
  await shows('position', /^paused 25000$/);
  await shows('ada', /^ada-2$/);
  await page.locator('#resume').click();
  await shows('position', /^ended 60000$/);
  await shows('ada', /^ada-4$/);
  await page.locator('#leave').click();
  await shows('status', 'connecting');
  assert.deepEqual(complaints, []);
});
