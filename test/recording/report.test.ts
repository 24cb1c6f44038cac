/** The report of a recording in a real browser, opened from the disk as its reader would. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { EmotionFinal } from '../../plugin/events/contract/v1/types.ts';
import { reportPage } from '../../server/recording/index.ts';
import { meeting } from '../events/export/meeting.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';

const skip = WITHOUT_CHROMIUM;
const HOSTILE = '<img src=x onerror="document.title=1">';
const template = meeting.find((event): event is EmotionFinal => event.type === 'emotion.final')!;

function said(
  participantId: string,
  seq: number,
  startMs: number,
  endMs: number,
  change: Partial<EmotionFinal> = {},
): EmotionFinal {
  return { ...template, participantId, seq, utteranceId: `u${seq}`, revision: 0, span: { startMs, endMs }, ...change };
}

const LABELS = [
  { name: 'joy', p: 0.75 },
  { name: 'anger', p: 0.25 },
];
const events = [
  said('ada', 1, 1_000, 4_000, {
    labels: LABELS,
    confidence: 0.75,
    abstained: undefined,
    transcript: { text: HOSTILE },
  }),
  said('ada', 2, 10_000, 11_000, { labels: LABELS, confidence: 0.3, abstained: 'low-confidence' }),
  said('bob', 3, 5_000, 9_000, { labels: LABELS, confidence: 0.75, abstained: undefined }),
];

let folder: string;
let browser: Browser | undefined;

before(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), 'undertone-report-'));
  browser = await launchBrowser();
  for (const withWords of [true, false]) {
    let html = '';
    const participants = [
      { participantId: 'ada', name: `Ada ${HOSTILE}` },
      { participantId: 'bob', name: 'Bob' },
    ];
    const about = {
      title: HOSTILE,
      startedMs: 0,
      lengthMs: 20_000,
      participants,
      withWords,
      notes: ['a track is left out'],
    };
    for await (const piece of reportPage(() => events, about)) html += piece;
    await writeFile(join(folder, `${withWords}.html`), html);
  }
});

after(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

async function opened(t: { after: (act: () => Promise<void>) => void }, width: number, name = 'true'): Promise<Page> {
  const page = await browser!.newPage({ viewport: { width, height: 800 } });
  t.after(() => page.close());
  await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
  return page;
}

test('what people are called and say is text, and nothing runs or is fetched', { skip }, async (t) => {
  const page = await browser!.newPage();
  t.after(() => page.close());
  const asked: string[] = [];
  const told: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => told.push(message.text()));
  await page.goto(pathToFileURL(join(folder, 'true.html')).href);
  assert.equal(await page.title(), `${HOSTILE} · Undertone report`);
  assert.equal(await page.locator('img, script').count(), 0);
  assert.equal(asked.length, 1);
  assert.deepEqual(told, [], 'its own policy forbids nothing that it needs');
});

test(
  'talk time, shares and coverage are those of the events, and what is unclear is in no mean',
  { skip },
  async (t) => {
    const page = await opened(t, 1_280);
    const [ada, bob] = await page.locator('section').first().locator('tbody tr').allInnerTexts();
    assert.match(ada!, /0:04\s+50.%\s+2\s+75.%\s+75.%/);
    assert.match(bob!, /0:04\s+50.%\s+1\s+100.%\s+75.%/);
    const strip = page.getByRole('img', { name: /^Bob: 1 utterances/ });
    assert.match((await strip.getAttribute('aria-label'))!, /on the whole joy 75.%, anger 25.%/);
    assert.match(await page.locator('body').innerText(), /a track is left out/);
  },
);

test('the table says what the strips show, with words only where they were asked for', { skip }, async (t) => {
  const page = await opened(t, 1_280);
  await page.getByText('All utterances as a table').click();
  const rows = page.locator('details tbody tr');
  assert.equal(await rows.count(), 3);
  assert.match(await rows.nth(0).innerText(), /joy\s+75.%.*<img src=x/s);
  assert.match(await rows.nth(2).innerText(), /not clear enough to say/);
  const without = await opened(t, 1_280, 'false');
  assert.equal((await without.content()).includes('onerror=&quot;document.title=1&quot;&gt;</td>'), false);
  assert.equal(await without.getByText('Words', { exact: true }).count(), 1, 'coverage alone');
});

for (const width of [390, 1_280]) {
  test(`nothing runs over at ${width} px`, { skip }, async (t) => {
    const page = await opened(t, width);
    await page.getByText('All utterances as a table').click();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
  });
}

test('it is dark where the system is, and light on paper', { skip }, async (t) => {
  const page = await opened(t, 1_280);
  const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.equal(await ground(), 'rgb(12, 19, 18)');
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  assert.equal(await ground(), 'rgb(255, 255, 255)');
});
