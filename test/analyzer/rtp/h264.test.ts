import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createDepacketizer } from '../../../plugin/analyzer/rtp/index.ts';
import { rtpPacket } from './datagrams.ts';

/** Baseline profile, 160x120: ten by eight macroblocks, cropped by 8 lines. */
const SPS = [0x67, 0x42, 0xc0, 0x0b, 0xda, 0x0a, 0x11, 0xf9, 0x50];
/** High profile, 1920x1080, with emulation prevention bytes, as x264 writes it. */
const HIGH_SPS = [
  0x67, 0x64, 0x00, 0x28, 0xac, 0xd9, 0x40, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x44, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00,
  0x00, 0x03, 0x00, 0x28, 0x3c, 0x60, 0xc6, 0x58,
];
const PPS = [0x68, 0xce, 0x3c, 0x80];
const IDR = [0x65, 0x88, 0x80, 1, 2, 3];
const SLICE = [0x41, 0x9a, 4, 5];
const START_CODE = [0, 0, 0, 1];

function annexB(...nals: number[][]): Uint8Array {
  return Uint8Array.from(nals.flatMap((nal) => [...START_CODE, ...nal]));
}

function stapA(...nals: number[][]): number[] {
  return [0x78, ...nals.flatMap((nal) => [nal.length >> 8, nal.length & 0xff, ...nal])];
}

/** A NAL unit in fragments of `size` bytes. */
function fuA(nal: number[], size: number): number[][] {
  const [header = 0, ...body] = nal;
  const fragments: number[][] = [];
  for (let at = 0; at < body.length; at += size) {
    const flags = (at === 0 ? 0x80 : 0) | (at + size >= body.length ? 0x40 : 0);
    fragments.push([(header & 0xe0) | 28, flags | (header & 0x1f), ...body.slice(at, at + size)]);
  }
  return fragments;
}

class Stream {
  readonly depacketizer = createDepacketizer('h264');
  #sequenceNumber = 0;
  #timestamp = 0;

  /** One access unit, a payload a packet, the marker on the last. */
  unit(...payloads: number[][]): ReturnType<typeof this.depacketizer.push> {
    this.#timestamp += 3000;
    let unit = null;
    for (const [index, payload] of payloads.entries()) unit = this.packet(payload, index === payloads.length - 1);
    return unit;
  }

  packet(payload: number[], marker: boolean): ReturnType<typeof this.depacketizer.push> {
    const sequenceNumber = this.#sequenceNumber++;
    return this.depacketizer.push(rtpPacket({ sequenceNumber, timestamp: this.#timestamp, payload, marker }));
  }

  lose(): void {
    this.#sequenceNumber++;
  }
}

describe('H264 depacketizer', () => {
  it('makes Annex B of single NAL units', () => {
    const unit = new Stream().unit(SPS, PPS, IDR);
    assert.deepEqual(unit?.data, annexB(SPS, PPS, IDR));
    assert.equal(unit?.keyFrame, true);
  });

  it('takes aggregates apart', () => {
    assert.deepEqual(new Stream().unit(stapA(SPS, PPS), IDR)?.data, annexB(SPS, PPS, IDR));
  });

  it('joins fragments, with the header of the NAL unit put back', () => {
    const stream = new Stream();
    stream.unit(SPS, PPS, IDR);
    const long = [0x41, 0x9a, ...Array.from({ length: 50 }, (_, i) => i)];
    assert.deepEqual(stream.unit(...fuA(long, 7))?.data, annexB(long));
  });

  it('puts the parameter sets before an IDR picture that comes without', () => {
    const stream = new Stream();
    stream.unit(stapA(SPS, PPS), IDR);
    const again = stream.unit(IDR);
    assert.deepEqual(again?.data, annexB(SPS, PPS, IDR));
    assert.equal(again?.keyFrame, true);
  });

  it('does not trust old parameter sets when those of an IDR picture may be lost', () => {
    const stream = new Stream();
    stream.unit(stapA(SPS, PPS), IDR);
    stream.lose();
    assert.equal(stream.unit(IDR), null);
    assert.equal(stream.depacketizer.needsKeyFrame, true);
    assert.ok(stream.unit(stapA(SPS, PPS), IDR));
  });

  it('trusts old parameter sets after a loss when the sender never repeats them', () => {
    const stream = new Stream();
    stream.unit(stapA(SPS, PPS), IDR);
    stream.unit(IDR);
    stream.lose();
    assert.deepEqual(stream.unit(IDR)?.data, annexB(SPS, PPS, IDR));
  });

  it('keeps parameter sets that come in a unit of their own, with or without marker', () => {
    for (const marker of [true, false]) {
      const stream = new Stream();
      assert.equal(stream.packet(stapA(SPS, PPS), marker), null);
      assert.deepEqual(stream.unit(IDR)?.data, annexB(SPS, PPS, IDR));
      assert.equal(stream.depacketizer.stats.droppedUnits, 0);
    }
  });

  it('does not begin at an IDR picture without parameter sets', () => {
    const stream = new Stream();
    assert.equal(stream.unit(IDR), null);
    assert.equal(stream.depacketizer.needsKeyFrame, true);
  });

  it('gives the picture size by the sequence parameter set, cropped', () => {
    const unit = new Stream().unit(SPS, PPS, IDR);
    assert.deepEqual([unit?.width, unit?.height], [160, 120]);
    const high = new Stream().unit(HIGH_SPS, PPS, IDR);
    assert.deepEqual([high?.width, high?.height], [1920, 1080]);
  });

  it('leaves filler out', () => {
    assert.deepEqual(new Stream().unit(SPS, PPS, [0x0c, 0xff, 0xff], IDR)?.data, annexB(SPS, PPS, IDR));
  });

  it('gives pictures of several slices as one unit', () => {
    const stream = new Stream();
    stream.unit(SPS, PPS, IDR);
    const second = [0x41, 0x4a, 6];
    assert.deepEqual(stream.unit(SLICE, second)?.data, annexB(SLICE, second));
  });

  it('drops a picture whose first slice is missing', () => {
    const stream = new Stream();
    stream.unit(SPS, PPS, IDR);
    assert.equal(stream.unit([0x41, 0x4a, 6]), null);
    assert.equal(stream.depacketizer.needsKeyFrame, true);
    assert.equal(stream.depacketizer.stats.malformedPackets, 0);
  });

  it('drops a picture with a fragment missing, and what builds on it, until the next IDR picture', () => {
    const stream = new Stream();
    stream.unit(SPS, PPS, IDR);
    const [first = [], , last = []] = fuA([0x41, 0x9a, 1, 2, 3, 4, 5], 2);
    assert.equal(stream.unit(first), null);
    stream.lose();
    assert.equal(stream.packet(last, true), null);
    assert.equal(stream.unit(SLICE), null);
    assert.ok(stream.unit(IDR));
    assert.equal(stream.depacketizer.stats.droppedUnits, 2);
  });

  for (const [title, payload] of [
    ['a NAL unit type that is not allowed', [0x79, 1, 2]],
    ['an aggregate with a length past its end', [0x78, 0, 9, 0x65]],
    ['an aggregate with a NAL unit of no bytes', [0x78, 0, 0]],
    ['an aggregate within an aggregate', stapA(stapA(SPS))],
    ['a fragment that is first and last', [0x7c, 0xc5, 1]],
    ['a fragment of no bytes', [0x7c, 0x85]],
  ] as const) {
    it(`counts ${title} as malformed`, () => {
      const stream = new Stream();
      assert.equal(stream.unit([...payload]), null);
      assert.equal(stream.depacketizer.stats.malformedPackets, 1);
    });
  }
});
