/** The page of the event contract, as the server's HTTP side gives it with its headers, in a real browser. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ERROR_CODES } from '../../plugin/events/contract/v1/error-codes.ts';
import { EVENT_TYPES } from '../../plugin/events/contract/v1/event-types.ts';
import { REQUESTS } from '../../plugin/events/contract/v1/messages.ts';
import { asyncApi } from '../../server/reference/document.ts';
import { fieldsOf } from '../../server/reference/fields.ts';
import { checkConfig } from '../../server/config/check.ts';
import { createApp } from '../../server/http/createApp.ts';
import { createLog } from '../../server/http/log.ts';
import { referenceRoutes } from '../../server/http/routes/reference.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';

const SCREENSHOTS = path.resolve(import.meta.dirname, '..', '..', 'test-output');

test('the fields of a message are told to the last one, with what they may hold', () => {
  const { schemas } = asyncApi().components;
  const fields = new Map(fieldsOf(schemas['EmotionFinal']!, schemas).map((field) => [field.path, field]));
  assert.deepEqual(fields.get('modalities.audio.used')?.type, 'boolean');
  assert.equal(fields.get('labels[].p')?.type, 'number from 0 to 1');
  assert.equal(fields.get('type')?.type, '"emotion.final"');
  assert.equal(fields.get('dimensions')?.required, false);
  assert.equal(fields.get('span.startMs')?.required, true);
  const reply = new Map(fieldsOf(schemas['SubscribeReply']!, schemas).map((field) => [field.path, field]));
  assert.match(reply.get('missed')!.type, /^list of .*emotion\.final \| /);
  assert.match(reply.get('contract')!.description, /version/);
});

describe('in a browser', { skip: WITHOUT_CHROMIUM }, () => {
  const app = createApp(checkConfig({}), createLog('silent'));
  let url: string;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  before(async () => {
    referenceRoutes(app);
    [url, browser] = await Promise.all([app.listen({ host: '127.0.0.1', port: 0 }), launchBrowser()]);
    page = await browser.newPage();
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      // The icon belongs to the page of the call, which need not be built.
      if (message.type() === 'error' && !message.location().url.endsWith('favicon.svg'))
        complaints.push(message.text());
    });
    await page.goto(`${url}/docs/events`);
  });
  after(async () => {
    await browser?.close();
    await app.close();
  });

  test('every event, request, answer and code is there, and can be linked to', async () => {
    // Code for the browser is text here: this file is checked without the browser's types.
    const shown: unknown = await page.evaluate(
      "[...document.querySelectorAll('[data-message]')].map((one) => one.dataset.message).sort()",
    );
    assert.deepEqual(shown, Object.keys(asyncApi().components.messages).sort());
    for (const name of [...EVENT_TYPES, ...Object.keys(REQUESTS)]) {
      const link = page.getByRole('navigation').getByRole('link', { name, exact: true });
      const target = await link.getAttribute('href');
      assert.equal(await page.locator(`[id="${target!.slice(1)}"]`).count(), 1, name);
    }
    const codes = page.getByRole('region', { name: 'Codes', exact: true });
    for (const code of Object.keys(ERROR_CODES)) await codes.getByText(code, { exact: true }).waitFor();
    for (const type of EVENT_TYPES) {
      const article = page.locator(`[data-message="${type}"]`);
      assert.ok((await article.getByRole('row').count()) > 5, type);
      const example = (await article.locator('pre').textContent()) ?? '';
      assert.equal((JSON.parse(example) as { type: string }).type, type, 'with an example');
    }
  });

  test('the document itself is given to programs', async () => {
    const response = await fetch(`${url}/docs/asyncapi.json`);
    assert.deepEqual(await response.json(), JSON.parse(JSON.stringify(asyncApi())));
  });

  test('it fits a phone and a desk, light and dark, and its links are told apart from text', async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [390, 1280]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
        await page.screenshot({ path: path.join(SCREENSHOTS, `events-${colorScheme}-${width}.png`) });
      }
    }
    assert.deepEqual(complaints, []);
  });
});
