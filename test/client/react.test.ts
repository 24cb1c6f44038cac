/** Hooks and components: rendered on a server, and used in a real browser by keyboard. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { EmotionIndicator, EmotionNotice } from '../../client/react/index.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';
import { bundle } from './bundle.ts';
import { StandIn } from './StandIn.ts';
import { final, retraction } from './support.ts';

const ANALYSED = { audio: true, video: true, text: false };
const NOTHING = { audio: false, video: false, text: false };

function consentChanged(seq: number, consent: object, analysed: object) {
  const fields = { eventId: `c${seq}`, roomId: 'r', atMs: 1, participantId: 'ada', cause: 'consent' };
  return { v: 1, type: 'consent.changed', seq, consent, analysed, ...fields };
}

test('the notice is rendered on a server, before there is a client', () => {
  const html = renderToString(createElement(EmotionNotice, { client: undefined, participantId: 'ada' }));
  assert.match(html, /<span role="status">Nothing of you is analysed<\/span>/);
  assert.doesNotMatch(html, /<button/, 'there is nothing to stop');
});

test('its words may be those of another language', () => {
  const text = {
    nothing: 'Nichts von dir wird ausgewertet',
    nothingOf: (name: string) => `${name}: nicht ausgewertet`,
  };
  const props = { client: undefined, participantId: 'ada', text };
  assert.match(renderToString(createElement(EmotionNotice, props)), /Nichts von dir/);
  assert.match(renderToString(createElement(EmotionIndicator, { ...props, name: 'Ada' })), /Ada: nicht ausgewertet/);
});

describe('in a browser', { skip: WITHOUT_CHROMIUM }, () => {
  let server: StandIn;
  let browser: Browser;
  let page: Page;
  let script: string;
  let complaints: string[];

  before(async () => {
    ({ code: script } = await bundle('test/client/react-page.ts'));
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  beforeEach(async () => {
    server = await StandIn.start();
    complaints = [];
    page = await browser.newPage();
    page.on('pageerror', ({ message }) => complaints.push(message));
    const body = `<!doctype html><title>t</title><div id="root"></div><script type="module" src="/app.js"></script>`;
    await page.route(`${server.url}/`, (route) => route.fulfill({ contentType: 'text/html', body }));
    await page.route(`${server.url}/app.js`, (route) =>
      route.fulfill({ contentType: 'text/javascript; charset=utf-8', body: script }),
    );
  });
  afterEach(async () => {
    await page.close();
    await server.close();
    assert.deepEqual(complaints, []);
  });

  const notice = () => page.getByRole('status').first();

  async function open(): Promise<void> {
    await page.goto(`${server.url}/`);
    await page.locator('#status', { hasText: 'live' }).waitFor();
  }

  function send(event: Record<string, unknown>): void {
    server.keep(event);
    server.send(event);
  }

  test('hooks follow the room, and forget what was taken back', async () => {
    await open();
    send(final(1));
    await page.locator('#label', { hasText: 'joy' }).waitFor();
    send(final(2));
    await page.locator('#finals', { hasText: '2' }).waitFor();
    send(retraction(3, ['u2']));
    await page.locator('#label', { hasText: 'none' }).waitFor();
  });

  test('strict mode leaves one connection, leaving leaves none', async () => {
    await open();
    assert.equal(server.sockets.length, 1);
    const closed = new Promise((resolve) => server.sockets[0]!.once('disconnect', resolve));
    await page.locator('#leave').click();
    await closed;
    assert.equal(server.sockets.length, 0);
  });

  test('the notice says what really flows, and is announced', async () => {
    await open();
    assert.equal(await notice().textContent(), 'Nothing of you is analysed');
    send(consentChanged(1, ANALYSED, NOTHING));
    await notice().filter({ hasText: 'Allowed, but nothing of you is analysed now' }).waitFor();
    send(consentChanged(2, ANALYSED, ANALYSED));
    await notice().filter({ hasText: 'Your voice and face are analysed for expression cues' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Ada: voice and face analysed' }).waitFor();
  });

  test('consent is withdrawn by the keyboard alone, and a failure is seen', async () => {
    await open();
    send(consentChanged(1, ANALYSED, ANALYSED));
    const button = page.getByRole('button', { name: 'Stop analysing me' });
    await button.waitFor();
    await page.keyboard.press('Tab');
    assert.ok(await button.evaluate(isFocused), 'the first stop');
    const ring = await button.evaluate(outlineOf);
    assert.notEqual(ring, 'none', 'where the focus is can be seen');

    server.answer = () => ({ ok: false, error: { code: 'internal', message: 'down' } });
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'could not be stopped' }).waitFor();
    assert.ok(await button.evaluate(isFocused), 'still there');

    server.answer = () => undefined;
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    assert.deepEqual(server.asked.at(-1), {
      name: 'consent.set',
      payload: { audio: false, video: false, text: false },
    });
    send(consentChanged(2, NOTHING, NOTHING));
    await button.waitFor({ state: 'detached' });
  });

  test('text has a contrast of 7 and the button the size of a finger, on a light page and on a dark one', async () => {
    await open();
    send(consentChanged(1, ANALYSED, ANALYSED));
    const button = page.getByRole('button', { name: 'Stop analysing me' });
    await button.waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const [name, element] of [
        ['notice', notice().locator('..')],
        ['button', button],
        ['indicator', page.getByRole('status').nth(1)],
      ] as const) {
        const [color, background] = await element.evaluate(colorsOf);
        assert.ok(contrast(color!, background!) >= 7, `${name}: ${color!} on ${background!}`);
      }
    }
    const box = await button.boundingBox();
    assert.ok(box && box.width >= 24 && box.height >= 24, JSON.stringify(box));
  });
});

/** What of a browser these tests use; they run in it and cannot refer to anything here. */
interface InBrowser {
  document: { activeElement: unknown };
  getComputedStyle: (element: unknown) => { outlineStyle: string; color: string; backgroundColor: string };
}

const isFocused = (element: unknown) => element === (globalThis as unknown as InBrowser).document.activeElement;
const outlineOf = (element: unknown) => (globalThis as unknown as InBrowser).getComputedStyle(element).outlineStyle;
const colorsOf = (element: unknown) => {
  const { color, backgroundColor } = (globalThis as unknown as InBrowser).getComputedStyle(element);
  return [color, backgroundColor];
};

/** Relative luminance and contrast of WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const channels = [...color.matchAll(/[\d.]+/g)].slice(0, 3).map(([value]) => Number(value) / 255);
    const [red = 0, green = 0, blue = 0] = channels.map((c) =>
      c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
