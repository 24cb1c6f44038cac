import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextLayers } from '../../plugin/tap/layers.ts';

test('a small face asks for the next spatial layer, as long as there is one', () => {
  assert.equal(nextLayers(0, 2, 60).spatialLayer, 1);
  assert.equal(nextLayers(2, 2, 60).spatialLayer, 2);
});

test('a large face gives a layer back', () => {
  assert.equal(nextLayers(2, 2, 300).spatialLayer, 1);
  assert.equal(nextLayers(0, 2, 300).spatialLayer, 0);
});

test('no face size makes it swing between two layers', () => {
  for (let px = 10; px < 400; px += 1) {
    const up = nextLayers(0, 1, px).spatialLayer;
    if (up === 1) assert.equal(nextLayers(1, 1, px * 2).spatialLayer, 1, `${px} px`);
  }
});
