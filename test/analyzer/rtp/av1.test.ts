import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { createDepacketizer, parseRtp } from '../../../plugin/analyzer/rtp/index.ts';
import type { AccessUnit } from '../../../plugin/analyzer/rtp/index.ts';
import { packetizeAv1, splitObus } from '../../../scripts/fixtures/av1-packets.ts';
import { readFixture } from '../../../scripts/fixtures/rtpdump.ts';
import { rtpPacket } from './datagrams.ts';

const Z = 0x80;
const Y = 0x40;
const TEMPORAL_DELIMITER = [0x12, 0x00];
/** A sequence header of libaom for 160x120, from the recorded stream. */
const SEQUENCE = sequenceHeader();
const KEY_FRAME = [0x30, 0x10, 1, 2, 3];
const INTER_FRAME = [0x30, 0x30, 4, 5];

function sequenceHeader(): number[] {
  const depacketizer = createDepacketizer('av1');
  for (const { data } of readFixture('av1')) {
    const packet = parseRtp(data);
    const unit = packet && depacketizer.push(packet);
    if (unit) return [...(splitObus(unit.data)[0] ?? [])];
  }
  throw new Error('The recorded AV1 stream has no access unit.');
}

function sized(obu: number[]): number[] {
  return [(obu[0] ?? 0) | 0x02, obu.length - 1, ...obu.slice(1)];
}

function element(obu: number[]): number[] {
  return [obu.length, ...obu];
}

function push(...payloads: number[][]): AccessUnit | null {
  const depacketizer = createDepacketizer('av1');
  let unit = null;
  for (const [index, payload] of payloads.entries()) {
    unit = depacketizer.push(rtpPacket({ sequenceNumber: index, payload, marker: index === payloads.length - 1 }));
  }
  return unit;
}

describe('AV1 depacketizer', () => {
  const whole = Uint8Array.from([...TEMPORAL_DELIMITER, ...sized(SEQUENCE), ...sized(KEY_FRAME)]);

  it('puts sizes and the temporal delimiter back', () => {
    const unit = push([0x08, ...element(SEQUENCE), ...element(KEY_FRAME)]);
    assert.deepEqual(unit?.data, whole);
    assert.equal(unit?.keyFrame, true);
    assert.deepEqual([unit?.width, unit?.height], [160, 120]);
  });

  it('reads elements whose number is given, the last without length', () => {
    assert.deepEqual(push([0x20, ...element(SEQUENCE), ...KEY_FRAME])?.data, whole);
    assert.deepEqual(push([0x10, ...SEQUENCE], [0x10, ...KEY_FRAME])?.data, whole);
  });

  it('joins an OBU that is spread over packets', () => {
    const unit = push(
      [Y | 0x20, ...element(SEQUENCE), ...KEY_FRAME.slice(0, 2)],
      [Z | Y | 0x10, ...KEY_FRAME.slice(2, 3)],
      [Z | 0x10, ...KEY_FRAME.slice(3)],
    );
    assert.deepEqual(unit?.data, whole);
  });

  it('takes OBUs that brought their size along, and leaves delimiters, tile lists and padding out', () => {
    const withSize = sized(KEY_FRAME);
    const unit = push([
      0,
      ...element([0x10]),
      ...element(SEQUENCE),
      ...element([0x78, 1, 2]),
      ...element([0x40, 1]),
      ...element(withSize),
    ]);
    assert.deepEqual(unit?.data, whole);
  });

  it('puts the last sequence header before a key frame that comes without', () => {
    const depacketizer = createDepacketizer('av1');
    depacketizer.push(rtpPacket({ payload: [0x08, ...element(SEQUENCE), ...element(KEY_FRAME)], marker: true }));
    const alone = rtpPacket({ sequenceNumber: 1, timestamp: 9, payload: [0x10, ...KEY_FRAME], marker: true });
    assert.deepEqual(depacketizer.push(alone)?.data, whole);
  });

  it('knows frames that are no key frames, and their temporal layer', () => {
    const depacketizer = createDepacketizer('av1');
    depacketizer.push(rtpPacket({ payload: [0x08, ...element(SEQUENCE), ...element(KEY_FRAME)], marker: true }));
    const layered = [0x34, 0x40, ...INTER_FRAME.slice(1)];
    const unit = depacketizer.push(
      rtpPacket({ sequenceNumber: 1, timestamp: 9, payload: [0x10, ...layered], marker: true }),
    );
    assert.equal(unit?.keyFrame, false);
    assert.equal(unit?.temporalId, 2);
    assert.deepEqual([...(unit?.data ?? [])], [...TEMPORAL_DELIMITER, 0x36, 0x40, 3, ...INTER_FRAME.slice(1)]);
  });

  it('does not begin at a key frame without sequence header', () => {
    assert.equal(push([0x10, ...KEY_FRAME]), null);
  });

  it('drops a unit that begins or ends within an OBU', () => {
    assert.equal(push([Z, ...element(KEY_FRAME)]), null);
    assert.equal(push([Y | 0x20, ...element(SEQUENCE), ...KEY_FRAME]), null);
  });

  for (const [title, payload] of [
    ['an element longer than the packet', [0, 40, ...KEY_FRAME]],
    ['fewer elements than announced', [0x30, ...element(SEQUENCE)]],
    ['more bytes of length than a number has', [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]],
    ['an OBU with the forbidden bit', [0x10, 0xb0, 1]],
    ['an OBU whose own size is too large', [0x10, 0x32, 9, 1]],
    ['an aggregation header alone', [0x10]],
  ] as const) {
    it(`counts ${title} as malformed`, () => {
      const depacketizer = createDepacketizer('av1');
      assert.equal(depacketizer.push(rtpPacket({ payload: [...payload], marker: true })), null);
      assert.equal(depacketizer.stats.malformedPackets, 1);
    });
  }

  it('gives back any temporal unit cut into packets of any size', () => {
    const body = fc.uint8Array({ minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(
        fc.array(body, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 5, max: 300 }),
        (bodies, maxPayload) => {
          const obus = [SEQUENCE, KEY_FRAME, ...bodies.map((bytes) => [0x20, ...bytes])].map((obu) =>
            Uint8Array.from(obu),
          );
          const packets = packetizeAv1(obus, {
            payloadType: 96,
            ssrc: 1,
            sequenceNumber: 65_530,
            timestamp: 1,
            maxPayload,
            newSequence: true,
          });
          const depacketizer = createDepacketizer('av1');
          const units = packets.map((bytes) => {
            const packet = parseRtp(bytes);
            assert.ok(packet && packet.payload.byteLength <= maxPayload);
            return depacketizer.push(packet);
          });
          assert.ok(units.slice(0, -1).every((unit) => unit === null));
          assert.deepEqual(splitObus(units.at(-1)?.data ?? new Uint8Array()), obus);
        },
      ),
    );
  });
});
