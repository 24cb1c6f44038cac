import assert from 'node:assert/strict';
import test from 'node:test';
import { seededRandom } from '../../../scripts/random.ts';
import { type Judge, utterancesIn } from './utterances-in.ts';

const RATE = 16_000;
const AT_MS = 1000;

/** A quiet room in which something sounds after a second, and 1.5 s more of it. */
function room(add: (pcm: Float32Array, from: number) => void): Float32Array {
  const random = seededRandom(7);
  const pcm = Float32Array.from({ length: Math.ceil((2.5 * RATE) / 512) * 512 }, () => (random() - 0.5) * 0.004);
  add(pcm, (AT_MS * RATE) / 1000);
  return pcm;
}

/** "mm": what the vocal folds give through the nose with the mouth shut, at a pitch that falls and rises. */
function mm(pcm: Float32Array, from: number, lengthMs: number, hz: number): void {
  const length = (lengthMs * RATE) / 1000;
  let phase = 0;
  for (let i = 0; i < length; i += 1) {
    const pitch = hz * (1 + 0.15 * Math.sin((2 * Math.PI * i) / length));
    phase += (2 * Math.PI * pitch) / RATE;
    let sample = 0;
    for (let k = 1; k < 20; k += 1) {
      const f = k * pitch;
      const formants = 0.25 / (1 + ((f - 1100) / 150) ** 2) + 0.12 / (1 + ((f - 2300) / 200) ** 2);
      sample += (1 / (1 + (f / 350) ** 2) + formants) * Math.sin(k * phase + 0.3 * k * k);
    }
    pcm[from + i]! += 0.15 * sample * Math.min(1, i / 400, (length - i) / 800);
  }
}

/** Bursts of noise that die away: what coughs and knocks are to a microphone. */
function burst(pcm: Float32Array, from: number, lengthMs: number): void {
  const random = seededRandom(from);
  const length = (lengthMs * RATE) / 1000;
  let low = 0;
  for (let i = 0; i < length; i += 1) {
    low += 0.4 * ((random() - 0.5) * 2 - low);
    pcm[from + i]! += 0.9 * low * Math.exp((-4 * i) / length) * Math.min(1, i / 30);
  }
}

for (const [lengthMs, hz] of [
  [150, 120],
  [200, 210],
  [250, 120],
  [300, 180],
  [400, 120],
] as const) {
  test(`an "mm" of ${lengthMs} ms at ${hz} Hz becomes a short utterance`, async () => {
    const spans = await utterancesIn(room((pcm, from) => mm(pcm, from, lengthMs, hz)));
    assert.equal(spans.length, 1);
    const { startMs, endMs } = spans[0]!;
    assert.ok(Math.abs(startMs - AT_MS) <= 64, `it starts at ${startMs}`);
    assert.ok(endMs - startMs <= lengthMs + 96, `it lasts ${endMs - startMs} ms`);
  });
}

test('"mhm", two hums with a breath between, becomes one utterance', async () => {
  const spans = await utterancesIn(
    room((pcm, from) => {
      mm(pcm, from, 160, 115);
      mm(pcm, from + 0.22 * RATE, 180, 140);
    }),
  );
  assert.equal(spans.length, 1);
});

const cough = room((pcm, from) => {
  burst(pcm, from, 100);
  burst(pcm, from + 0.13 * RATE, 80);
});

test('a cough and a knock become no utterance', async () => {
  assert.deepEqual(await utterancesIn(cough), []);
  assert.deepEqual(await utterancesIn(room((pcm, from) => burst(pcm, from, 15))), []);
});

test('a cough that the VAD takes for speech becomes no utterance, as it is no voice', async () => {
  const credulous: Judge = (pcm) => (Math.max(...pcm) > 0.05 ? 0.9 : 0.02);
  assert.deepEqual(await utterancesIn(cough, credulous), []);
  assert.equal(
    (
      await utterancesIn(
        room((pcm, from) => mm(pcm, from, 200, 120)),
        credulous,
      )
    ).length,
    1,
  );
});
