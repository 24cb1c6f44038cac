import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isRtcp, parseOpus, parseRtp } from '../../../plugin/analyzer/rtp/index.ts';
import { readFixture } from '../../../scripts/fixtures/rtpdump.ts';

const TICKS_PER_MS = 48;

/** Table of contents byte of RFC 6716 3.1. */
function toc(config: number, code: number, stereo = false): number {
  return (config << 3) | (stereo ? 4 : 0) | code;
}

describe('parseOpus', () => {
  for (const [config, ms] of [
    [0, 10],
    [1, 20],
    [2, 40],
    [3, 60],
    [9, 20],
    [11, 60],
    [12, 10],
    [13, 20],
    [15, 20],
    [16, 2.5],
    [17, 5],
    [18, 10],
    [19, 20],
    [31, 20],
  ] as const) {
    it(`gives ${ms} ms for one frame of configuration ${config}`, () => {
      const info = parseOpus(Uint8Array.of(toc(config, 0), 1, 2, 3));
      assert.equal(info?.durationTicks, ms * TICKS_PER_MS);
      assert.equal(info?.frames, 1);
    });
  }

  it('counts the frames of a packet', () => {
    assert.equal(parseOpus(Uint8Array.of(toc(31, 1), 1, 2))?.frames, 2);
    assert.equal(parseOpus(Uint8Array.of(toc(31, 2), 1, 2, 3))?.frames, 2);
    assert.equal(parseOpus(Uint8Array.of(toc(31, 3), 6, 2, 3))?.durationTicks, 120 * TICKS_PER_MS);
  });

  it('turns away what RFC 6716 forbids', () => {
    assert.equal(parseOpus(new Uint8Array(0)), null);
    assert.equal(parseOpus(Uint8Array.of(toc(31, 1), 1)), null, 'two frames of equal length in an odd number of bytes');
    assert.equal(parseOpus(Uint8Array.of(toc(31, 2))), null, 'no length of the first frame');
    assert.equal(parseOpus(Uint8Array.of(toc(31, 3))), null, 'no count');
    assert.equal(parseOpus(Uint8Array.of(toc(31, 3), 0)), null, 'a count of 0');
    assert.equal(parseOpus(Uint8Array.of(toc(31, 3), 7)), null, 'more than 120 ms');
  });

  it('knows a packet without sound', () => {
    assert.equal(parseOpus(Uint8Array.of(toc(9, 0)))?.dtx, true);
    assert.equal(parseOpus(Uint8Array.of(toc(9, 0), 0))?.dtx, true);
    assert.equal(parseOpus(Uint8Array.of(toc(9, 0), 0, 1))?.dtx, false);
  });

  it('reads the FEC flag of speech frames, mono and stereo, 20 and 60 ms', () => {
    const fec = (first: number, second: number): boolean | undefined =>
      parseOpus(Uint8Array.of(first, second, 7, 7))?.fec;
    assert.equal(fec(toc(9, 0), 0b0100_0000), true);
    assert.equal(fec(toc(9, 0), 0b1000_0000), false);
    assert.equal(fec(toc(11, 0), 0b0001_0000), true);
    assert.equal(fec(toc(11, 0), 0b1110_0000), false);
    assert.equal(fec(toc(9, 0, true), 0b0001_0000), true);
    assert.equal(fec(toc(9, 0, true), 0b1010_0000), false);
    assert.equal(fec(toc(31, 0), 0b0100_0000), false, 'CELT has no FEC');
  });

  it('finds FEC in speech of an encoder that was told of loss, but not in the packet before any sound', () => {
    const infos = readFixture('opus')
      .filter(({ data }) => !isRtcp(data))
      .map(({ data }) => parseOpus(parseRtp(data)?.payload ?? new Uint8Array()));
    assert.equal(infos.length, 81);
    assert.ok(infos.every((info) => info?.durationTicks === 960));
    assert.equal(infos[0]?.fec, false);
    const carrying = infos.filter((info) => info?.fec).length;
    assert.ok(carrying >= 40 && carrying < 70, `${carrying} of 81 packets carry FEC`);
  });
});
