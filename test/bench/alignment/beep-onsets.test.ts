import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetsOf } from '../../../scripts/bench/alignment/av-offset.ts';
import { BeepOnsets, errorOf } from '../../../scripts/bench/alignment/beep-onsets.ts';
import { numberOf, planFrom, sceneOf, shiftOf } from '../../../scripts/bench/alignment/flash-beep/scene.ts';

function tone(samples: number, from: number, to: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, i) => (i >= from && i < to ? 0.5 * Math.sin((i - from) / 3) : 0));
}

test('A beep is found at its first loud sample, once, over the border of two pieces', () => {
  const beeps = new BeepOnsets();
  beeps.sound(1000, tone(1600, 1500, 1600));
  beeps.sound(1100, tone(1600, 0, 1000));
  beeps.sound(2000, tone(1600, 800, 900));
  assert.equal(beeps.atMs.length, 2);
  assert.ok(Math.abs(beeps.atMs[0]! - 1093.75) < 0.5 && Math.abs(beeps.atMs[1]! - 2050) < 0.5, beeps.atMs.join());
});

test('An error is that of the nearest, and none where nothing is near', () => {
  assert.equal(errorOf(1000, [400, 1030, 990, 1600], 450), -10);
  assert.equal(errorOf(1000, [400, 1600], 450), null);
});

test('Times that are 60 ms apart are told to be', () => {
  const pictures = [0, 40, 80].map((ms) => ({ atMs: 5000 + ms, errorMs: 70 }));
  const beeps = [
    { atMs: 5010, errorMs: 10 },
    { atMs: 7000, errorMs: 10 },
  ];
  assert.deepEqual(offsetsOf({ pictures, beeps }), [60]);
});

test('No flash can be taken for another, whatever the shift', () => {
  const plan = planFrom(0, 10);
  for (let shift = 1; shift < 5; shift++) {
    const moved = plan.slice(shift).map((atMs, i) => atMs - plan[i]!);
    assert.ok(Math.max(...moved) - Math.min(...moved) > 400, `a shift by ${shift} fits`);
  }
});

test('A picture of a flash is known by where its face is', () => {
  const scene = sceneOf({ width: 480, height: 360, faceX: 0.5, base64: '' });
  for (let number = 0; number < scene.flashPictures; number++) {
    const x = 120 + shiftOf(scene, number);
    for (const off of [-5, 0, 5]) assert.ok(numberOf(scene, x + off) === number, `${number} at ${off} px off`);
  }
  assert.equal(numberOf(scene, 5), null);
});
