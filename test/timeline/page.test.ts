/** A timeline page in a real browser, opened from the disk as its reader would. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { pageParts, timelinePage, type TimelineFile } from '../../server/timeline/index.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';
import { finalOf, interimOf } from '../web/events.ts';

const skip = WITHOUT_CHROMIUM;
const START_MS = 1_790_000_000_000;
const HOSTILE = '<img src=x onerror="document.title=1">';

/** Ada's minute: two windows, a discarded one, a word that found none, faces, a hole in the sound. */
const file: TimelineFile = {
  v: 1,
  title: `Stand-up ${HOSTILE}`,
  startMs: START_MS,
  endMs: START_MS + 60_000,
  utterance: { silenceMs: 600, maxMs: 12_000, minMs: 250, transcriptGraceMs: 1_500, interimMs: 3_000 },
  participants: [
    {
      participantId: 'ada "1"',
      name: 'Ada',
      trace: {
        frames: [sound(0, 600), sound(30_000, 930)],
        speech: [{ startMs: START_MS + 2_000, endMs: START_MS + 5_000 }],
        gaps: [{ fromMs: START_MS + 19_200, toMs: START_MS + 30_000, reason: 'long-gap' }],
        faces: [
          { atMs: START_MS + 2_500, quality: 0.82, reasons: ['small'] },
          { atMs: START_MS + 3_000, quality: null, reasons: [] },
        ],
        windows: [window('a', 2_000, 5_000), window('b', 40_000, 44_000, 'max-length'), discarded('c', 50_000, 50_100)],
        words: [
          { text: 'hello', startMs: START_MS + 2_000, endMs: START_MS + 2_600, utteranceId: 'a', final: true },
          { text: HOSTILE, startMs: START_MS + 2_700, endMs: START_MS + 4_000, utteranceId: 'a', final: false },
          { text: 'astray', startMs: START_MS + 10_000, endMs: START_MS + 10_500, utteranceId: null, final: true },
        ],
        modalities: [],
        lost: 0,
      },
      results: [interimOf('a', START_MS + 2_000), finalOf('a', START_MS + 2_000)],
    },
  ],
};

function sound(fromMs: number, frames: number) {
  const level = Array.from({ length: frames }, (_, i) => (i % 40 < 20 ? -20 : -60));
  return {
    startMs: START_MS + fromMs,
    frameMs: 32,
    level,
    speech: level.map((value) => (value > -40 ? 0.9 : 0.1)),
    concealed: level.map(() => 0),
  };
}

function window(utteranceId: string, fromMs: number, toMs: number, by: 'silence' | 'max-length' = 'silence') {
  return {
    utteranceId,
    startMs: START_MS + fromMs,
    endMs: START_MS + toMs,
    opened: { by: 'speech' as const, atMs: START_MS + fromMs + 64 },
    closed: { by, atMs: START_MS + toMs + 608 },
  };
}

function discarded(utteranceId: string, fromMs: number, toMs: number) {
  const { closed: _, ...rest } = window(utteranceId, fromMs, toMs);
  return { ...rest, discarded: true as const };
}

let folder: string;
let url: string;
let browser: Browser;

before(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), 'undertone-timeline-page-'));
  const path = join(folder, 'out.html');
  await writeFile(path, timelinePage(file, await pageParts()));
  url = pathToFileURL(path).href;
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

/** Opens the page; `complaints` gathers errors and requests, of which there must be none. */
async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const complaints: string[] = [];
  const page = await (await browser.newContext(options)).newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => {
    if (request.url() !== url) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(url);
  await page.locator('svg.lanes').first().waitFor();
  return { page, complaints };
}

const range = (page: Page) => page.getByTestId('timeline-range').textContent();
const plot = (page: Page) => page.getByTestId('timeline-plot');

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1440]) {
    test(
      `a timeline fits a screen of ${width} px in ${colorScheme}, asks for nothing and reports no error`,
      { skip },
      async () => {
        const { page, complaints } = await open({ colorScheme, viewport: { width, height: 900 } });
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
        const ground = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
        const [red] = /\d+/.exec(String(ground))!;
        assert.equal(Number(red) > 128, colorScheme === 'light', String(ground));
        const lanes = page.locator('svg.lanes');
        assert.equal(await lanes.locator('rect.window').count(), 3);
        assert.equal(await lanes.locator('rect.window-discarded').count(), 1);
        assert.equal(await lanes.locator('.tone-lost .word-mark').count(), 1);
        assert.equal(await lanes.locator('.face circle').count(), 1);
        assert.equal(await lanes.locator('.face-none').count(), 1);
        assert.ok((await lanes.locator('rect.score').count()) >= 2);
        assert.equal(await lanes.locator('circle.interim').count(), 1);
        // Two stretches of sound with a hole between them.
        assert.equal((await lanes.locator('path.envelope').getAttribute('d'))!.match(/M/g)!.length, 2);
        await page.close();
        assert.deepEqual(complaints, []);
      },
    );
  }
}

test('what it says is text: markup in a title or a word stays what it is', { skip }, async () => {
  const { page, complaints } = await open();
  assert.equal(await page.locator('h1').textContent(), file.title);
  assert.match(await page.title(), /^Stand-up <img/);
  assert.equal(await page.locator('img').count(), 0);
  assert.ok((await page.locator('.words-cell').first().textContent())!.includes(HOSTILE));
  assert.deepEqual(complaints, []);
});

test('the table tells the same as the picture, window by window', { skip }, async () => {
  const { page } = await open();
  const cells: string[][] = await page.evaluate(
    `[...document.querySelectorAll('table tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))`,
  );
  assert.equal(cells.length, 3);
  assert.deepEqual(cells[0]!.slice(0, 6), ['0:02.00', '0:05.00', '3.00 s', 'speech', 'silence', '608 ms']);
  assert.match(cells[0]!.at(-1)!, /1 interim, final/);
  assert.deepEqual(cells[1]!.slice(0, 6), ['0:40.00', '0:44.00', '4.00 s', 'speech', 'longest length', '608 ms']);
  assert.equal(cells[2]![4], 'discarded');
  assert.equal(await page.getByTestId('lost-words').textContent(), '1 word found no window: astray (0:10.00)');
});

test('pointing at the picture tells the numbers of that moment', { skip }, async () => {
  const { page } = await open({ viewport: { width: 1440, height: 900 } });
  const box = (await plot(page).boundingBox())!;
  const first = (await page.locator('rect.window').first().boundingBox())!;
  await page.mouse.move(first.x + 0.15 * first.width, box.y + 20);
  const text = (await page.getByTestId('timeline-readout').textContent())!;
  assert.match(text, /level−[26]0 dBFS/);
  assert.match(text, /speech0\.[19]0, judged speech/);
  assert.match(text, /closed by silence, known 608 ms after its end/);
  assert.match(text, /facequality 0\.82 \(small\)/);
  await page.mouse.move(box.x + box.width - 2, box.y + box.height + 300);
  assert.equal(await page.locator('line.cursor').count(), 0, 'a pointer that has left tells nothing');
});

test('by keyboard the cursor goes from window to window, and says in words what is there', { skip }, async () => {
  const { page } = await open();
  await plot(page).focus();
  const said = () => plot(page).getAttribute('aria-valuetext');
  assert.equal(await plot(page).getAttribute('role'), 'slider');
  await page.keyboard.press('PageDown');
  assert.match((await said())!, /^0:02\.0: .*window opened by speech, closed by silence.*word hello/);
  await page.keyboard.press('PageDown');
  assert.match((await said())!, /^0:40\.0: .*closed by longest length/);
  await page.keyboard.press('PageUp');
  assert.match((await said())!, /^0:02\.0/);
  const before = Number(await plot(page).getAttribute('aria-valuenow'));
  await page.keyboard.press('ArrowRight');
  assert.ok(Number(await plot(page).getAttribute('aria-valuenow')) > before);
  await page.keyboard.press('End');
  assert.equal(await plot(page).getAttribute('aria-valuenow'), '60000');
  await page.keyboard.press('Home');
  assert.equal(await plot(page).getAttribute('aria-valuenow'), '0');
});

test('it zooms and moves by keys, buttons, wheel, drag, and from the table', { skip }, async () => {
  const { page } = await open({ viewport: { width: 1440, height: 900 } });
  assert.equal(await range(page), '0:00.0 to 1:00.0');
  await plot(page).focus();
  await page.keyboard.press('+');
  assert.equal(await range(page), '0:00.0 to 0:40.0');
  await page.keyboard.press('.');
  assert.equal(await range(page), '0:10.0 to 0:50.0');
  await page.keyboard.press('0');
  assert.equal(await range(page), '0:00.0 to 1:00.0');
  await page.getByRole('button', { name: 'Zoom in' }).click();
  assert.notEqual(await range(page), '0:00.0 to 1:00.0');
  await page.getByRole('button', { name: 'All' }).click();

  const box = (await plot(page).boundingBox())!;
  await page.mouse.move(box.x + 700, box.y + 50);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -500);
  await page.keyboard.up('Control');
  await page.waitForFunction(
    `document.querySelector('[data-testid=timeline-range]').textContent !== '0:00.0 to 1:00.0'`,
  );
  const zoomed = await range(page);
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 50, { steps: 5 });
  await page.mouse.up();
  assert.notEqual(await range(page), zoomed);

  await page.getByRole('button', { name: '0:40.00' }).click();
  assert.equal(await range(page), '0:39.4 to 0:44.6');
});

test('everything that can be used has a name, and the focus reaches it', { skip }, async () => {
  const { page } = await open();
  const nameless: unknown = await page.evaluate(`
    [...document.querySelectorAll('button, [role=slider], [role=region], section, summary')]
      .filter((element) => !(element.getAttribute('aria-label') ?? element.textContent).trim())
      .map((element) => element.outerHTML)`);
  assert.deepEqual(nameless, []);
  const reached = new Set<string>();
  for (let i = 0; i < 20; i += 1) {
    await page.keyboard.press('Tab');
    reached.add(
      String(
        await page.evaluate(`document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent`),
      ),
    );
  }
  for (const name of [
    'Zoom in',
    'All',
    'Time in the timeline of Ada',
    'Windows of Ada',
    '0:02.00',
    'How to read this',
  ]) {
    assert.ok(reached.has(name), `${name} among ${[...reached].join(', ')}`);
  }
});

test('on paper the whole time is there, line by line, in light colours', { skip }, async () => {
  const { page } = await open({ colorScheme: 'dark' });
  await page.getByRole('button', { name: '0:40.00' }).click();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.locator('svg.lanes').nth(1).waitFor();
  assert.equal(await page.locator('svg.lanes').count(), 2, 'half a minute a line');
  const ink: unknown = await page.evaluate('getComputedStyle(document.body).color');
  assert.equal(ink, 'rgb(18, 32, 29)');
  await page.emulateMedia({ media: 'screen' });
  await plot(page).waitFor();
});
