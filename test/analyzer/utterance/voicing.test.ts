import assert from 'node:assert/strict';
import test from 'node:test';
import { seededRandom } from '../../../scripts/random.ts';
import { isVoiced } from '../../../plugin/analyzer/utterance/voicing.ts';

const frame = (sampleAt: (i: number) => number): Float32Array =>
  Float32Array.from({ length: 512 }, (_, i) => sampleAt(i));

/** A voice is rich in harmonics of its pitch. */
function voice(hz: number, noise = 0): Float32Array {
  const random = seededRandom(1);
  return frame((i) => {
    let sample = noise * (random() - 0.5);
    for (let k = 1; k <= 8; k += 1) sample += (0.1 / k) * Math.sin((2 * Math.PI * k * hz * i) / 16_000 + k * k);
    return sample;
  });
}

for (const hz of [75, 110, 160, 220, 300, 440]) {
  test(`a voice at ${hz} Hz is voiced`, () => {
    assert.ok(isVoiced(voice(hz)));
    assert.ok(isVoiced(voice(hz, 0.1)), 'in noise as well');
    assert.ok(isVoiced(voice(hz).map((sample) => sample * 0.001)), 'however soft');
  });
}

test('silence, a constant, noise and a click are not voiced', () => {
  const random = seededRandom(2);
  assert.ok(!isVoiced(frame(() => 0)));
  assert.ok(!isVoiced(frame(() => 0.3)));
  for (let run = 0; run < 100; run += 1) assert.ok(!isVoiced(frame(() => random() - 0.5)));
  assert.ok(!isVoiced(frame((i) => (i === 100 ? 0.9 : 0.001 * (random() - 0.5)))));
});

test('a frame that is too short to hold two periods of a low voice is not judged', () => {
  assert.ok(!isVoiced(voice(200).subarray(0, 400)));
});
