/**
 * A flash and a beep of the same moment, out of a real browser through a network on which pictures travel 120 ms longer
 * than sound, are told within 40 ms of each other.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { offsetsOf } from '../../scripts/bench/alignment/av-offset.ts';
import { type BrowserTimes, measureInBrowser } from '../../scripts/bench/alignment/browser-offset.ts';
import { WITHOUT_CHROMIUM } from '../support/chromium.ts';

const FLASHES = 12;
const LIMIT_MS = 40;
const MUTE_MS = 3000;

function assertTogether(t: TestContext, times: BrowserTimes): void {
  const offsets = offsetsOf(times);
  t.diagnostic(`picture after sound, ms: ${offsets.map((ms) => ms.toFixed(1)).join(' ')}`);
  // Loss takes the only picture of some flashes away, and a busy machine a few more.
  assert.ok(offsets.length >= FLASHES / 2, `${offsets.length} of ${FLASHES} flashes were told with their beeps`);
  const within = offsets.filter((ms) => Math.abs(ms) <= LIMIT_MS).length;
  assert.ok(within >= offsets.length * 0.9, `${within} of ${offsets.length} lie within ${LIMIT_MS} ms`);
}

test(
  'sound and pictures of a browser agree within 40 ms after the first sender reports',
  { skip: WITHOUT_CHROMIUM, timeout: 120_000 },
  async (t) => assertTogether(t, await measureInBrowser(FLASHES)),
);

test('they still do when the sound was away for a while', { skip: WITHOUT_CHROMIUM, timeout: 120_000 }, async (t) =>
  assertTogether(t, await measureInBrowser(FLASHES, { before: ({ sender }) => sender.mute(MUTE_MS) })),
);

test(
  'they still do when the pictures come from another simulcast layer',
  { skip: WITHOUT_CHROMIUM, timeout: 120_000 },
  async (t) => {
    const times = await measureInBrowser(FLASHES, {
      layers: 2,
      // A face of this size is too small to tell much: the tap goes one layer up.
      before: ({ video }) => video.faceSize(20),
    });
    assert.ok(times.widths.has(480), `the layer was switched: pictures are ${[...times.widths].join()} px wide`);
    assertTogether(t, times);
  },
);
