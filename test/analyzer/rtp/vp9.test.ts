import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createDepacketizer } from '../../../plugin/analyzer/rtp/index.ts';
import { rtpPacket } from './datagrams.ts';

const B = 0x08;
const E = 0x04;

/** Bits to bytes, the last byte filled with zeros. */
function bits(...fields: Array<[value: number, count: number]>): number[] {
  const text = fields.map(([value, count]) => value.toString(2).padStart(count, '0')).join('');
  return (text.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
}

/** Uncompressed headers of VP9 6.2: frame marker, profile 0, not an existing frame, frame type, shown, not resilient. */
const KEY_HEADER: Array<[number, number]> = [
  [2, 2],
  [0, 2],
  [0, 1],
  [0, 1],
  [1, 1],
  [0, 1],
  [0x498342, 24],
  [1, 3],
  [0, 1],
  [639, 16],
  [359, 16],
];
const KEY = [...bits(...KEY_HEADER), 7, 7];
const DELTA = [...bits([2, 2], [0, 2], [0, 1], [1, 1], [1, 1], [0, 1]), 7, 7];

function only(payload: number[]): ReturnType<ReturnType<typeof createDepacketizer>['push']> {
  return createDepacketizer('vp9').push(rtpPacket({ payload, marker: true }));
}

describe('VP9 depacketizer', () => {
  it('reads key-frame flag and picture size from the frame and not from the descriptor', () => {
    const P = 0x40;
    const unit = only([P | B | E, ...KEY]);
    assert.equal(unit?.keyFrame, true);
    assert.equal(unit?.width, 640);
    assert.equal(unit?.height, 360);
    assert.deepEqual(unit?.data, Uint8Array.from(KEY));

    const depacketizer = createDepacketizer('vp9');
    depacketizer.push(rtpPacket({ payload: [B | E, ...KEY], marker: true }));
    const delta = rtpPacket({ sequenceNumber: 1, timestamp: 1, payload: [B | E, ...DELTA], marker: true });
    assert.equal(depacketizer.push(delta)?.keyFrame, false);
  });

  for (const [title, descriptor, temporalId] of [
    ['a picture id of 7 bits', [0x80 | B | E, 0x11], 0],
    ['a picture id of 15 bits', [0x80 | B | E, 0x91, 0x22], 0],
    ['layers and TL0PICIDX', [0x80 | 0x20 | B | E, 0x11, 0x40, 0x09], 2],
    ['layers in flexible mode', [0x80 | 0x20 | 0x10 | B | E, 0x11, 0x20], 1],
    ['three references in flexible mode', [0xc0 | 0x10 | B | E, 0x11, 0x03, 0x05, 0x06], 0],
    ['a scalability structure with sizes', [0x80 | 0x02 | B | E, 0x11, 0x10, 2, 128, 1, 104], 0],
    [
      'a scalability structure of two layers with sizes and pictures',
      [0x82 | B | E, 0x11, 0x38, 1, 64, 0, 180, 2, 128, 1, 104, 2, 0x04, 0x01, 0x08, 0x01, 0x02],
      0,
    ],
  ] as const) {
    it(`steps over a descriptor with ${title}`, () => {
      const unit = only([...descriptor, ...KEY]);
      assert.deepEqual(unit?.data, Uint8Array.from(KEY));
      assert.equal(unit?.temporalId, temporalId);
    });
  }

  it('gives the lowest spatial layer and leaves the others out', () => {
    const depacketizer = createDepacketizer('vp9');
    const layer = (spatialId: number, inter: boolean): number[] => [
      0x20 | 0x10 | B | E,
      (spatialId << 1) | (inter ? 1 : 0),
    ];
    const first = depacketizer.push(rtpPacket({ sequenceNumber: 0, payload: [...layer(0, false), ...KEY] }));
    assert.deepEqual(first?.data, Uint8Array.from(KEY));
    const second = rtpPacket({ sequenceNumber: 1, payload: [...layer(1, true), ...DELTA], marker: true });
    assert.equal(depacketizer.push(second), null);
    const third = rtpPacket({ sequenceNumber: 2, timestamp: 3000, payload: [...layer(0, false), ...DELTA] });
    assert.deepEqual(depacketizer.push(third)?.data, Uint8Array.from(DELTA));
    assert.equal(depacketizer.stats.droppedUnits, 0);
  });

  it('drops a frame whose beginning is missing', () => {
    assert.equal(only([E, ...KEY]), null);
  });

  it('drops what is no VP9 frame', () => {
    assert.equal(only([B | E, 0x00, 1, 2]), null);
    assert.equal(only([B | E, ...KEY.slice(0, 1), 1, 2, 3, ...KEY.slice(4)]), null, 'wrong sync code');
    assert.equal(only([B | E, ...KEY.slice(0, 6)]), null, 'cut short');
  });
});
