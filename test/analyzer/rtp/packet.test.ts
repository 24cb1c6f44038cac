import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseRtp } from '../../../plugin/analyzer/rtp/index.ts';
import { rtpDatagram } from './datagrams.ts';

describe('parseRtp', () => {
  it('reads the fields of the fixed header', () => {
    const datagram = rtpDatagram({
      sequenceNumber: 65535,
      timestamp: 0xfffffffe,
      ssrc: 0xdeadbeef,
      payloadType: 111,
      marker: true,
      payload: [9, 8, 7],
    });
    const packet = parseRtp(datagram);
    assert.deepEqual(packet, {
      sequenceNumber: 65535,
      timestamp: 0xfffffffe,
      ssrc: 0xdeadbeef,
      payloadType: 111,
      marker: true,
      payload: Uint8Array.of(9, 8, 7),
    });
  });

  it('gives the payload as a view, not as a copy', () => {
    const datagram = rtpDatagram();
    assert.equal(parseRtp(datagram)?.payload.buffer, datagram.buffer);
  });

  it('steps over contributing sources and the header extension', () => {
    const bytes = [...rtpDatagram({ payload: [] })];
    bytes[0] = 0x80 | 0x10 | 2;
    const sources = [0, 0, 0, 1, 0, 0, 0, 2];
    const extension = [0xbe, 0xde, 0, 1, 0x10, 0xff, 0, 0];
    const packet = parseRtp(Uint8Array.from([...bytes, ...sources, ...extension, 42]));
    assert.deepEqual(packet?.payload, Uint8Array.of(42));
  });

  it('leaves the padding out of the payload', () => {
    const datagram = rtpDatagram({ payload: [5, 6, 0, 0, 3] });
    datagram[0] = 0x80 | 0x20;
    assert.deepEqual(parseRtp(datagram)?.payload, Uint8Array.of(5, 6));
  });

  it('takes a packet of padding only as a packet without payload', () => {
    const datagram = rtpDatagram({ payload: [0, 0, 0, 4] });
    datagram[0] = 0x80 | 0x20;
    assert.equal(parseRtp(datagram)?.payload.byteLength, 0);
  });

  for (const [title, bytes] of [
    ['a header cut short', [...rtpDatagram({ payload: [] })].slice(0, 11)],
    ['another version', [0x40, ...rtpDatagram().subarray(1)]],
    ['more contributing sources than bytes', [0x8f, ...rtpDatagram().subarray(1)]],
    ['an extension header cut short', [0x90, ...rtpDatagram({ payload: [0xbe, 0xde, 0] }).subarray(1)]],
    ['an extension longer than the packet', [0x90, ...rtpDatagram({ payload: [0xbe, 0xde, 0, 9] }).subarray(1)]],
    ['padding of length 0', [0xa0, ...rtpDatagram({ payload: [1, 0] }).subarray(1)]],
    ['padding longer than the payload', [0xa0, ...rtpDatagram({ payload: [1, 9] }).subarray(1)]],
    ['nothing', []],
  ] as const) {
    it(`turns away ${title}`, () => {
      assert.equal(parseRtp(Uint8Array.from(bytes)), null);
    });
  }
});
