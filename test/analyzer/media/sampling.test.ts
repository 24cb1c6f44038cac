import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameSampler, LoadGauge, TemporalLayers } from '../../../plugin/analyzer/media/index.ts';

function taken(sampler: FrameSampler, fromMs: number, untilMs: number, fps: number): number {
  let count = 0;
  for (let i = 0; fromMs + (i * 1000) / fps < untilMs; i++) if (sampler.takes(fromMs + (i * 1000) / fps)) count++;
  return count;
}

for (const fps of [7.5, 15, 24, 30]) {
  test(`Two of ${fps} pictures a second are picked over ten seconds`, () => {
    assert.equal(taken(new FrameSampler(2), 5000, 15_000, fps), 20);
  });
}

test('A rate of 0 picks nothing, and a new rate holds at once', () => {
  const sampler = new FrameSampler(0);
  assert.equal(taken(sampler, 0, 3000, 15), 0);
  sampler.fps = 5;
  assert.equal(taken(sampler, 3000, 5000, 15), 10);
});

test('After a pause no pictures are picked to make up for it', () => {
  const sampler = new FrameSampler(2);
  taken(sampler, 0, 2000, 15);
  assert.equal(taken(sampler, 60_000, 62_000, 15), 4);
});

/** An L1T3 stream as WebRTC senders make it: layers 0 2 1 2. */
function* layered(untilMs: number, fps: number): Generator<{ wallMs: number; temporalId: number; keyFrame: boolean }> {
  for (let i = 0; (i * 1000) / fps < untilMs; i++) {
    yield { wallMs: (i * 1000) / fps, temporalId: [0, 2, 1, 2][i % 4] ?? 0, keyFrame: i === 0 };
  }
}

test('Upper temporal layers are left out once the lowest is known to be enough', () => {
  const layers = new TemporalLayers();
  const kept = [...layered(10_000, 30)].filter((unit) => layers.keep(unit, unit.wallMs, 2));
  const late = kept.filter(({ wallMs }) => wallMs > 2500);
  assert.ok(late.length > 0 && late.every(({ temporalId }) => temporalId === 0));
  assert.equal(kept.filter(({ temporalId }) => temporalId === 0).length, 75);
});

test('Upper layers are kept where the lowest is not enough, and once left out they come back at a key frame only', () => {
  const layers = new TemporalLayers();
  assert.equal([...layered(10_000, 30)].filter((unit) => layers.keep(unit, unit.wallMs, 10)).length, 300);
  for (const unit of layered(10_000, 30)) layers.keep(unit, 10_000 + unit.wallMs, 2);
  assert.equal(layers.keep({ temporalId: 2, keyFrame: false }, 20_000, 10), false);
  assert.equal(layers.keep({ temporalId: 0, keyFrame: true }, 20_033, 10), true);
  assert.equal(layers.keep({ temporalId: 2, keyFrame: false }, 20_066, 10), true);
});

test('A stream without layers is kept whole', () => {
  const layers = new TemporalLayers();
  for (let i = 0; i < 300; i++) assert.ok(layers.keep({ temporalId: 0, keyFrame: i === 0 }, i * 33, 2));
});

test('The load level rises at once and falls step by step after calm', () => {
  const gauge = new LoadGauge();
  gauge.onDatagram(1000, 1020);
  assert.equal(gauge.update(1020), null);
  gauge.onDatagram(950, 1200);
  assert.deepEqual(gauge.update(1200), { level: 1, behindMs: 250 });
  gauge.onDatagram(850, 1500);
  assert.deepEqual(gauge.update(1500), { level: 2, behindMs: 650 });
  const changes: unknown[] = [];
  for (let nowMs = 1510; nowMs < 7000; nowMs += 10) {
    gauge.onDatagram(nowMs - 5, nowMs);
    const change = gauge.update(nowMs);
    if (change !== null) changes.push([nowMs, change.level]);
  }
  assert.deepEqual(changes, [
    [3510, 1],
    [5510, 0],
  ]);
});
