import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { Unwrapper } from '../../../plugin/analyzer/rtp/index.ts';

describe('Unwrapper', () => {
  for (const bits of [16, 32] as const) {
    const range = 2 ** bits;

    it(`gives back any walk of ${bits} bits with steps under half the range`, () => {
      const step = fc.integer({ min: -(range / 2) + 1, max: range / 2 - 1 });
      fc.assert(
        fc.property(fc.integer({ min: 0, max: range - 1 }), fc.array(step, { maxLength: 60 }), (start, steps) => {
          const unwrapper = new Unwrapper(bits);
          let truth = start;
          assert.equal(unwrapper.unwrap(start), start);
          for (const move of steps) {
            truth += move;
            assert.equal(unwrapper.unwrap(((truth % range) + range) % range), truth);
          }
        }),
      );
    });

    it(`counts on over the wrap of ${bits} bits`, () => {
      const unwrapper = new Unwrapper(bits);
      unwrapper.unwrap(range - 1);
      assert.equal(unwrapper.unwrap(0), range);
      assert.equal(unwrapper.unwrap(range - 2), range - 2);
    });
  }

  it('does not move its reference when it only looks', () => {
    const unwrapper = new Unwrapper(16);
    unwrapper.unwrap(0);
    assert.equal(unwrapper.peek(30_000), 30_000);
    assert.equal(unwrapper.peek(60_000), 60_000 - 65_536);
  });

  it('starts anew after a reset', () => {
    const unwrapper = new Unwrapper(16);
    unwrapper.unwrap(65_535);
    unwrapper.unwrap(0);
    unwrapper.reset();
    assert.equal(unwrapper.unwrap(3), 3);
  });
});
