/** A call that is at another server than the page: in a browser, between two real servers with one Redis. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { freePort } from '../../scripts/free-port.ts';
import type { Server } from '../../server/index.ts';
import { pageElsewhere } from '../../server/web/pages/elsewhere.ts';
import { openServer, post, register, tinyUndertone } from '../server/support.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';
import { RedisServer, WITHOUT_REDIS } from '../support/redis-server.ts';

const BUILT = existsSync(join(import.meta.dirname, '..', '..', 'dist', 'web', 'index.html'));
const skip = WITHOUT_CHROMIUM || WITHOUT_REDIS || (BUILT ? false : 'the page is not built (npm run build)');

test('the page of a call elsewhere is named with what was asked of this one, unless it is this one', () => {
  const here = 'https://a.example.org/r/standup?debug';
  assert.equal(pageElsewhere('https://b.example.org', 'standup', here), 'https://b.example.org/r/standup?debug');
  assert.equal(pageElsewhere('https://b.example.org:8443/', 'x', here), 'https://b.example.org:8443/r/x?debug');
  assert.equal(pageElsewhere('https://a.example.org', 'standup', here), undefined);
  assert.equal(pageElsewhere(undefined, 'standup', here), undefined);
});

describe('in a browser', { skip, timeout: 120_000 }, () => {
  let redis: RedisServer;
  let browser: Browser;
  const servers: Server[] = [];

  before(async () => {
    redis = await RedisServer.start();
    browser = await launchBrowser();
    for (let count = 0; count < 2; count++) {
      const port = await freePort();
      const nodeUrl = `http://127.0.0.1:${port}`;
      const shared = { port, tokenSecret: 'x'.repeat(32), redis: { url: redis.url, nodeUrl } };
      servers.push(await openServer(shared, { undertone: await tinyUndertone() }));
    }
  });
  after(async () => {
    await browser?.close();
    for (const server of servers) await server.close();
    await redis?.close();
  });

  test('whoever comes to the door of a call that is elsewhere is led to it, and joins there', async () => {
    const [owner, other] = servers as [Server, Server];
    await register(owner, 'led');
    const page = await browser.newPage();
    try {
      await page.goto(`${other.url}/r/led?debug`);
      await page.waitForURL(`${owner.url}/r/led?debug`);
      await page.getByTestId('join-name').fill('Ada');
      await page.getByTestId('way-none').check();
      await page.getByTestId('join-button').click();
      await page.getByTestId('consent-accept').waitFor();
      const [participant] = owner.rooms.get('led')!.visible;
      assert.equal(participant?.displayName, 'Ada');
      assert.equal(other.rooms.get('led'), undefined);
    } finally {
      await page.close();
    }
  });

  test('so is who stood there already when it was opened elsewhere', async () => {
    const [owner, other] = servers as [Server, Server];
    const page = await browser.newPage();
    try {
      const looked = page.waitForResponse(`${other.url}/v1/rooms/later`);
      await page.goto(`${other.url}/r/later`);
      assert.equal((await looked).status(), 404);
      assert.equal((await post(owner, '/v1/rooms/later/participants', { displayName: 'Grace' })).status, 201);
      await page.getByTestId('join-name').fill('Ada');
      await page.getByTestId('way-none').check();
      await page.getByTestId('join-button').click();
      await page.waitForURL(`${owner.url}/r/later`);
      await page.getByTestId('join-name').waitFor();
    } finally {
      await page.close();
    }
  });
});
