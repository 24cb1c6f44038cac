import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { KeyFrameRequester } from '../../../plugin/analyzer/rtp/index.ts';

/** The times at which it asks, looked at every 10 ms. */
function asks(requester: KeyFrameRequester, fromMs: number, untilMs: number): number[] {
  const times: number[] = [];
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs += 10) if (requester.wants(nowMs)) times.push(nowMs);
  return times;
}

describe('KeyFrameRequester', () => {
  it('asks for nothing while nothing is broken', () => {
    assert.deepEqual(asks(new KeyFrameRequester(), 0, 10_000), []);
  });

  it('asks at once after a gap, then after 500 ms, 1, 2 and every 4 s', () => {
    const requester = new KeyFrameRequester();
    requester.onBroken();
    assert.deepEqual(asks(requester, 0, 16_000), [0, 500, 1500, 3500, 7500, 11_500, 15_500]);
    assert.equal(requester.requests, 7);
  });

  it('gives a stream 250 ms to begin with a key frame of its own accord', () => {
    const waiting = new KeyFrameRequester();
    waiting.onStart(1000);
    assert.deepEqual(asks(waiting, 1000, 1400), [1250]);

    const answered = new KeyFrameRequester();
    answered.onStart(1000);
    answered.onKeyFrame();
    assert.deepEqual(asks(answered, 1000, 5000), []);
  });

  it('starts with the shortest interval again after a key frame', () => {
    const requester = new KeyFrameRequester();
    requester.onBroken();
    asks(requester, 0, 4000);
    requester.onKeyFrame();
    requester.onBroken();
    assert.deepEqual(asks(requester, 4010, 4800), [4010, 4510]);
  });

  it('keeps 500 ms between requests even when each is answered and broken again at once', () => {
    const requester = new KeyFrameRequester();
    const times: number[] = [];
    for (let nowMs = 0; nowMs < 5000; nowMs += 10) {
      requester.onBroken();
      if (requester.wants(nowMs)) {
        times.push(nowMs);
        requester.onKeyFrame();
      }
    }
    assert.deepEqual(times, [0, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500]);
  });
});
