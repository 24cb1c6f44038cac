import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../scripts/random.ts';
import { DRIFTS } from '../../../scripts/bench/alignment/av-offset.ts';
import { measureDrift } from '../../../scripts/bench/alignment/drift-offset.ts';

for (const [i, drift] of DRIFTS.entries()) {
  const { soundPpm, picturePpm, wallPpm } = drift;
  const name = `sound ${soundPpm}, pictures ${picturePpm}, wall clock ${wallPpm} ppm`;
  test(`Sound and pictures stay within 10 ms over ten minutes of drift: ${name}`, () => {
    const { offsetMs, compared } = measureDrift(drift, { random: seededRandom(i + 1) });
    // 15,000 pictures, 2 % of them lost, 2 % of their sounds, and those of the first seconds.
    assert.ok(compared > 14_000, `${compared} pictures were compared`);
    assert.ok(offsetMs <= 10, `${offsetMs} ms apart`);
  });
}
