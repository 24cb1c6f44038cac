/** Past meetings in a real browser, from a real server with a real store. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { keep, serverWithStore, signed, type Kept } from '../meetings/support.ts';
import type { UndertoneEvent } from '../../plugin/index.ts';
import { finalEvent, startEvent, type Said } from '../store/support-events.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from '../support/chromium.ts';

const BUILT = existsSync(join(import.meta.dirname, '..', '..', 'dist', 'web', 'index.html'));
const skip = WITHOUT_CHROMIUM || (BUILT ? false : 'the page is not built (npm run build)');

const START_MS = 5_000_000;
const TURN_MS = 2_400;
const TURNS = 24;

function endEvent(seq: number, { participantId, utteranceId, startMs, endMs }: Said): UndertoneEvent {
  const envelope = { v: 1 as const, eventId: `end-${utteranceId}`, roomId: 'standup', atMs: endMs + 100, seq };
  const span = { startMs, endMs };
  return { ...envelope, type: 'utterance.end', participantId, utteranceId, span, trigger: 'silence' };
}

/** Ada speaks every 2.4 s, for a minute. Half-way what cues suggest changes, and from then on her face is in view. */
function changing(): UndertoneEvent[] {
  return Array.from({ length: TURNS }, (_, turn): UndertoneEvent[] => {
    const startMs = START_MS + 1_000 + turn * TURN_MS;
    const later = turn >= TURNS / 2;
    const happy = (later ? 0.85 : 0.15) + (turn % 3) / 100;
    const said = { participantId: 'ada', utteranceId: `u${turn}`, startMs, endMs: startMs + 1_500, happy };
    const { eventId, ...final } = finalEvent(3 * turn + 3, { ...said, text: `line ${turn}`, uses: { video: later } });
    return [startEvent(3 * turn + 1, said), endEvent(3 * turn + 2, said), { ...final, eventId: `of-${eventId}` }];
  }).flat();
}

// What runs in the page.
const TWO_FRAMES = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
const COUNT_DRAWINGS = `
  globalThis.drawings = 0;
  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    drawings += 1;
    clearRect.apply(this, box);
  };`;
const NOTE_GROUNDS = `
  globalThis.grounds = [];
  for (const name of ['beforeprint', 'afterprint'])
    addEventListener(name, () => grounds.push(getComputedStyle(document.documentElement).backgroundColor));`;

describe('the page of past meetings', { skip }, () => {
  let kept: Kept;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let token: string;
  let monday: string;
  let tuesday: string;
  let complaints: string[];

  before(async () => {
    kept = await serverWithStore();
    ({ meetingId: monday } = await keep(kept.store, { title: 'Monday' }));
    const people = { ada: 'Ada', grace: 'Grace' };
    ({ meetingId: tuesday } = await keep(
      kept.store,
      { title: 'Tuesday', startMs: START_MS, people, labels: { labels: ['happy', 'sad'] } },
      changing(),
    ));
    token = await signed('watcher', 'standup', 'room:all');
    browser = await launchBrowser();
    // One for all tests, so that the page's files come out of its cache; what a token is kept in belongs to a tab.
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, hasTouch: true });
  });
  after(async () => {
    await browser?.close();
    await kept?.close();
  });
  beforeEach(async () => {
    page = await context.newPage();
    complaints = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    assert.deepEqual(complaints, []);
  });

  /** Opens a place in a meeting, with the token. */
  async function open(path: string, as = token): Promise<void> {
    await page.addInitScript((given) => sessionStorage.setItem('undertone.meetings.token', given), as);
    await page.goto(`${kept.server.url}/meetings/${path}`);
  }
  const slider = () => page.getByTestId('meeting-timeline');
  const told = (testId: string, text: string | RegExp) => page.getByTestId(testId).filter({ hasText: text });
  const at = (ms: number) => page.locator(`[data-testid=meeting-timeline][aria-valuenow="${ms}"]`).waitFor();
  /** Until what was to be drawn with the next frames is drawn. */
  const drawn = () => page.evaluate(TWO_FRAMES);

  test('lists meetings for a token, and one opens as lanes with what was said', async () => {
    await page.goto(kept.server.url);
    await page.getByTestId('to-meetings').click();
    await page.getByTestId('meetings-token').fill(token);
    await page.getByTestId('meetings-token-use').click();
    await told('meeting', /Monday.*1:00.*ended/).click();
    await page.getByTestId('meeting-lane').first().waitFor();
    assert.equal(await page.getByTestId('meeting-lane').count(), 2);
    await page.getByTestId('moment-line').first().waitFor();
    assert.match(
      (await page.getByTestId('moment-line').first().textContent()) ?? '',
      /Ada.*word number 0.*cues suggest/,
    );
  });

  test('has a lane for who has no results, and all of it in a table', async () => {
    await open(tuesday);
    await told('meeting-lane', 'Grace').filter({ hasText: 'no results' }).waitFor();
    const rows = await page.getByTestId('lanes-table').locator('tbody tr').allTextContents();
    assert.deepEqual(
      rows.map((row) => row.replaceAll('\u202f', ' ')),
      ['Ada51 %49 %240:36', 'Grace––00:00'],
    );
  });

  test('seeks by keyboard, and a link leads to a moment', async () => {
    await open(`${monday}?t=20000&from=10000&to=30000`);
    await slider().focus();
    assert.equal(await slider().getAttribute('aria-valuenow'), '20000');
    await slider().press('ArrowRight');
    await at(20_200);
    await slider().press('End');
    await at(60_000);
    await page.waitForURL(/[?&]t=60000/);
    // What belongs to the place in a meeting does not come along to another page.
    await page.getByTestId('to-meetings').click();
    await page.waitForURL(/\/meetings$/);
  });

  test('draws nothing anew while the cursor moves, and does when the view changes', async () => {
    await page.addInitScript(COUNT_DRAWINGS);
    const drawings = () => page.evaluate<number>('drawings');
    await open(monday);
    await page.getByTestId('moment-line').first().waitFor();
    await page.getByTestId('meeting-report').waitFor();
    await drawn();
    const before = await drawings();
    assert.ok(before > 0);
    const box = (await slider().boundingBox())!;
    await page.mouse.move(box.x + box.width / 4, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 60, { steps: 10 });
    await page.mouse.up();
    const dragged = Number(await slider().getAttribute('aria-valuenow'));
    assert.ok(Math.abs(dragged - 30_000) < 500, `dragged to ${dragged} ms`);
    await slider().press('ArrowLeft');
    await at(dragged - 600);
    await drawn();
    assert.equal(await drawings(), before);
    await slider().press('+');
    await page.waitForURL(/from=(?!0&)/);
    await drawn();
    assert.ok((await drawings()) > before);
  });

  test('plays through the replay API, with the transcript following', async () => {
    await open(`${tuesday}?t=10000`);
    await page.getByTestId('meeting-rate').selectOption('1');
    await page.getByTestId('meeting-play').click();
    await told('meeting-playback', 'playing').waitFor();
    await page.getByTestId('meeting-play').click();
    await told('meeting-playback', 'paused').waitFor();
    await page.getByTestId('meeting-rate').selectOption('32');
    // A leap while it stands: it goes on from there.
    await slider().press('Home');
    await at(0);
    await slider().press(' ');
    await told('meeting-playback', 'the end').waitFor();
    await page.locator('[data-testid=moment-line][aria-current]').filter({ hasText: 'line 23' }).waitFor();
    // As the live API has it: the newest result of Ada.
    await told('meeting-now', /^\s*happy/).waitFor();
    const played = Number(await slider().getAttribute('aria-valuenow'));
    assert.ok(played >= 57_700, `it ended at ${played} ms`);
    // From the end it begins anew.
    await page.getByTestId('meeting-rate').selectOption('0.5');
    await page.getByTestId('meeting-play').click();
    await told('meeting-playback', 'playing').waitFor();
    await told('meeting-time', /^0:0\d$/).waitFor();
  });

  test('forgets who is erased while it plays', async () => {
    const { meetingId } = await keep(kept.store, { title: 'Wednesday', startMs: 9_000_000 });
    await open(`${meetingId}?rests-on=audio`);
    await told('meeting-lane', 'Ada').waitFor();
    await page.getByTestId('meeting-rate').selectOption('0.5');
    await page.getByTestId('meeting-play').click();
    await told('meeting-playback', 'playing').waitFor();
    await kept.store.eraseParticipant({ participantId: 'ada', meetingId });
    await told('meeting-lane', 'Ada').waitFor({ state: 'detached' });
    await told('meeting-lane', 'Grace').waitFor();
    await told('moment-line', 'Ada').waitFor({ state: 'detached' });
    await told('meeting-report', 'Ada').waitFor({ state: 'detached' });
    assert.equal(await page.getByTestId('lanes-table').getByText('Ada').count(), 0);
  });

  test('shows moments of change in words, and each leads to its place', async () => {
    await open(tuesday);
    const moment = told('moment', 'more happy');
    await moment.waitFor();
    assert.match(
      ((await moment.textContent()) ?? '').replaceAll('\u202f', ' '),
      /^0:30Ada: expression cues suggest more happy \(16 % → 86 %\), less sad/,
    );
    await moment.click();
    await at(29_800);
    await slider().press('Home');
    await at(0);
    await page.getByTestId('moment-mark').first().click();
    await at(29_800);
    await page.locator('[data-testid=moment-line][aria-current]').filter({ hasText: 'line 12' }).waitFor();
  });

  test('filters by label and by what results rest on, and the link has it', async () => {
    await open(tuesday);
    await page.getByTestId('moment-line').first().waitFor();
    await told('meeting-label', 'sad').click();
    await told('moment-line', 'happy').first().waitFor({ state: 'detached' });
    assert.ok((await page.getByTestId('moment-line').count()) > 0);
    await page.getByTestId('rests-on-video').click();
    await told('lanes-table', /Ada15\s%85\s%120:18|Ada86\s%14\s%120:18/).waitFor();
    await page.getByTestId('moment-line').first().waitFor({ state: 'detached' });
    await page.waitForURL(/label=sad.*rests-on=video/);
    await page.reload();
    await page.locator('[data-testid=rests-on-video][aria-pressed=true]').waitFor();
    assert.equal(await told('meeting-label', 'sad').getAttribute('aria-pressed'), 'true');
  });

  test('tells what a meeting comes to, and puts two beside each other', async () => {
    await open(monday);
    await page.getByTestId('meeting-report').getByText('Talk and turns').waitFor();
    await told('meeting-report', 'Not shown: means over everybody').waitFor();
    const choice = page.getByTestId('compare-with');
    await choice.selectOption(tuesday);
    await page.waitForURL(new RegExp(`/meetings/${monday}\\?with=${tuesday}$`));
    await told('person-pair', /^Ada.*in B0:36/).waitFor();
    await told('person-pair', /^Grace/).waitFor();
    // Of two people there are no means, as one would know the other's.
    assert.equal(
      await page.getByTestId('comparison').getByRole('heading', { name: 'Means over everybody' }).count(),
      0,
    );
    await page.goBack();
    await page.getByTestId('meeting-lane').first().waitFor();
  });

  test('shows no single person to who may only see means', async () => {
    await open(monday, await signed('means', 'standup', 'room:aggregate'));
    await told('meeting-report', 'Not shown: means over everybody').waitFor();
    assert.equal(await page.getByTestId('meeting-lane').count(), 0);
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /Ada|Grace/);
  });

  test('is shown on a phone without scrolling sideways', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of [monday, `${monday}?with=${tuesday}`]) {
      await open(path);
      await page.getByTestId('meeting-lane').or(page.getByTestId('person-pair')).first().waitFor();
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
    }
  });

  test('moves the cursor at a tap, and leaves it where it is while a finger scrolls the page', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(`${monday}?t=10000`);
    await page.getByTestId('meeting-report').waitFor();
    const { x, y, width } = (await slider().boundingBox())!;
    const touch = await page.context().newCDPSession(page);
    const finger = async (type: 'touchStart' | 'touchMove' | 'touchEnd', fromTop: number) => {
      const touchPoints = type === 'touchEnd' ? [] : [{ x: x + width / 2, y: fromTop }];
      await touch.send('Input.dispatchTouchEvent', { type, touchPoints });
    };
    await finger('touchStart', y + 40);
    for (let step = 1; step <= 10; step += 1) await finger('touchMove', y + 40 - 20 * step);
    await finger('touchEnd', 0);
    await page.waitForFunction('scrollY > 0');
    assert.equal(await slider().getAttribute('aria-valuenow'), '10000');
    await page.evaluate('scrollTo(0, 0)');
    await page.touchscreen.tap(x + width / 2, y + 40);
    await at(30_000);
  });

  test('is printed in its light theme, whichever is on the screen', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await open(monday);
    await page.getByTestId('moment-line').first().waitFor();
    await page.evaluate(NOTE_GROUNDS);
    await page.pdf({ format: 'A4' });
    const grounds = await page.evaluate('grounds');
    assert.deepEqual(grounds, ['rgb(241, 244, 243)', 'rgb(12, 19, 18)']);
  });
});
