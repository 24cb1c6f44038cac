import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createDepacketizer } from '../../../plugin/analyzer/rtp/index.ts';
import { rtpPacket } from './datagrams.ts';

/** A key frame of 320x240 (RFC 6386 9.1), and a frame that builds on it. */
const KEY = [0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00, 1, 2, 3];
const DELTA = [0x31, 0x02, 0x00, 4, 5];
const START = 0x10;

function only(payload: number[]): ReturnType<ReturnType<typeof createDepacketizer>['push']> {
  return createDepacketizer('vp8').push(rtpPacket({ payload, marker: true }));
}

describe('VP8 depacketizer', () => {
  it('reads key-frame flag and picture size from the frame', () => {
    const unit = only([START, ...KEY]);
    assert.deepEqual(unit, {
      data: Uint8Array.from(KEY),
      rtpTimestamp: 0,
      keyFrame: true,
      temporalId: 0,
      width: 320,
      height: 240,
    });
  });

  for (const [title, descriptor, temporalId] of [
    ['a picture id of 7 bits', [0x80 | START, 0x80, 0x11], 0],
    ['a picture id of 15 bits', [0x80 | START, 0x80, 0x91, 0x22], 0],
    ['TL0PICIDX', [0x80 | START, 0x40, 0x05], 0],
    ['a temporal layer without TL0PICIDX', [0x80 | START, 0x20, 0x40], 1],
    ['picture id and temporal layer without TL0PICIDX', [0x80 | START, 0xa0, 0x91, 0x22, 0x80], 2],
    ['a key index without temporal layer', [0x80 | START, 0x10, 0xc5], 0],
    ['all extensions at once', [0x80 | START, 0xf0, 0x91, 0x22, 0x07, 0x45], 1],
  ] as const) {
    it(`steps over a descriptor with ${title}`, () => {
      const unit = only([...descriptor, ...KEY]);
      assert.deepEqual(unit?.data, Uint8Array.from(KEY));
      assert.equal(unit?.temporalId, temporalId);
    });
  }

  it('joins partitions and fragments of one frame', () => {
    const depacketizer = createDepacketizer('vp8');
    const parts = [
      { payload: [START, ...KEY.slice(0, 11)] },
      { payload: [0x00, ...KEY.slice(11, 12)] },
      { payload: [START | 1, ...KEY.slice(12)], marker: true },
    ];
    const units = parts.map((part, i) => depacketizer.push(rtpPacket({ ...part, sequenceNumber: i })));
    assert.deepEqual(units.slice(0, 2), [null, null]);
    assert.deepEqual(units[2]?.data, Uint8Array.from(KEY));
  });

  it('gives nothing out before the first key frame', () => {
    const depacketizer = createDepacketizer('vp8');
    assert.equal(depacketizer.push(rtpPacket({ payload: [START, ...DELTA], marker: true })), null);
    assert.equal(depacketizer.needsKeyFrame, true);
    assert.ok(
      depacketizer.push(rtpPacket({ sequenceNumber: 1, timestamp: 1, payload: [START, ...KEY], marker: true })),
    );
    assert.equal(depacketizer.needsKeyFrame, false);
    assert.equal(depacketizer.stats.droppedUnits, 1);
  });

  it('drops a key frame whose start code is wrong', () => {
    assert.equal(only([START, ...KEY.slice(0, 3), 0, 0, 0, ...KEY.slice(6)]), null);
  });

  it('drops a frame whose beginning is missing, without calling it malformed', () => {
    const depacketizer = createDepacketizer('vp8');
    assert.equal(depacketizer.push(rtpPacket({ payload: [0x00, 1, 2, 3], marker: true })), null);
    assert.deepEqual(depacketizer.stats, { units: 0, keyFrames: 0, droppedUnits: 1, malformedPackets: 0 });
  });

  it('counts a descriptor that leaves no payload as malformed', () => {
    const depacketizer = createDepacketizer('vp8');
    depacketizer.push(rtpPacket({ payload: [0x90, 0xf0, 0x91, 0x22], marker: true }));
    assert.equal(depacketizer.stats.malformedPackets, 1);
  });

  it('does not take padding for loss', () => {
    const depacketizer = createDepacketizer('vp8');
    depacketizer.push(rtpPacket({ sequenceNumber: 1, payload: [START, ...KEY], marker: true }));
    depacketizer.push(rtpPacket({ sequenceNumber: 2, payload: [] }));
    const delta = rtpPacket({ sequenceNumber: 3, timestamp: 9, payload: [START, ...DELTA], marker: true });
    assert.ok(depacketizer.push(delta));
  });
});
