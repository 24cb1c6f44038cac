/** The browser's recognition, played by a recogniser that says what a test makes it say. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { SpeechCaptions } from '../../server/web/captions/SpeechCaptions.ts';
import type { SpeechErrorEvent, SpeechResultEvent } from '../../server/web/captions/speechTypes.ts';
import type { Caption } from '../../server/web/emotion/EmotionClient.ts';
import { SfuClock } from '../../server/web/emotion/SfuClock.ts';

class FakeRecogniser {
  static last: FakeRecogniser;
  starts = 0;
  lang = '';
  onresult: ((event: SpeechResultEvent) => void) | null = null;
  onerror: ((event: SpeechErrorEvent) => void) | null = null;
  onend: (() => void) | null = null;

  constructor() {
    FakeRecogniser.last = this;
  }

  start(): void {
    this.starts += 1;
  }

  abort(): void {}

  /** All results so far, as the Web Speech API gives them, from the first that is new. */
  says(resultIndex: number, ...texts: [transcript: string, isFinal: boolean][]): void {
    const results = texts.map(([transcript, isFinal]) => ({ isFinal, length: 1, 0: { transcript } }));
    this.onresult?.({ resultIndex, results } as unknown as SpeechResultEvent);
  }
}

const OFFSET_MS = 5000;
let told: Caption[];
let captions: SpeechCaptions;

beforeEach(() => {
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 100_000 });
  Object.assign(globalThis, { SpeechRecognition: FakeRecogniser });
  told = [];
  const clock = new SfuClock();
  clock.observe(Date.now() + OFFSET_MS);
  captions = new SpeechCaptions(clock, (caption) => told.push(caption));
  captions.start();
});
afterEach(() => {
  captions.stop();
  mock.timers.reset();
  Reflect.deleteProperty(globalThis, 'SpeechRecognition');
});

test('interim results are replaced by their final, with the times of the SFU at which they were heard', () => {
  const recogniser = FakeRecogniser.last;
  recogniser.says(0, ['we', false]);
  mock.timers.tick(700);
  recogniser.says(0, [' we shipped it', false]);
  mock.timers.tick(400);
  recogniser.says(0, ['we shipped it', true]);
  assert.deepEqual(
    told.map(({ text, final }) => [text, final]),
    [
      ['we', false],
      ['we shipped it', false],
      ['we shipped it', true],
    ],
  );
  assert.equal(new Set(told.map(({ segmentId }) => segmentId)).size, 1);
  const { startMs, endMs } = told.at(-1)!;
  assert.deepEqual([startMs, endMs], [100_000 + OFFSET_MS, 100_700 + OFFSET_MS]);
});

test('a result that has not changed is not told again', () => {
  const recogniser = FakeRecogniser.last;
  recogniser.says(0, ['we', false]);
  recogniser.says(0, ['we', false]);
  recogniser.says(0, ['we', true]);
  recogniser.says(0, ['we', true], ['hm', false]);
  assert.deepEqual(
    told.map(({ text, final }) => [text, final]),
    [
      ['we', false],
      ['we', true],
      ['hm', false],
    ],
  );
});

test('what a run ends without a final for stays as it was heard last, and the next run has segments of its own', () => {
  const recogniser = FakeRecogniser.last;
  recogniser.says(0, ['we shipped', false]);
  recogniser.onend?.();
  assert.deepEqual(
    told.map(({ text, final }) => [text, final]),
    [
      ['we shipped', false],
      ['we shipped', true],
    ],
  );
  assert.equal(recogniser.starts, 1, 'not at once, so that one that fails at once does not spin');
  mock.timers.tick(300);
  assert.equal(recogniser.starts, 2);
  recogniser.says(0, ['at last', true]);
  assert.equal(new Set(told.map(({ segmentId }) => segmentId)).size, 2);
});

test('a browser that does not allow it is told of, and not asked again', () => {
  const recogniser = FakeRecogniser.last;
  recogniser.onerror?.({ error: 'not-allowed' } as SpeechErrorEvent);
  recogniser.onend?.();
  mock.timers.tick(1000);
  assert.equal(recogniser.starts, 1);
  assert.deepEqual([captions.state.value.on, /does not allow/.test(captions.state.value.problem!)], [false, true]);
});
