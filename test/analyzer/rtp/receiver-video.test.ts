import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { seededRandom } from '../../../scripts/random.ts';
import { isRtcp, parseRtp, VIDEO_CODECS, VideoReceiver } from '../../../plugin/analyzer/rtp/index.ts';
import type { TimedAccessUnit, VideoCodec } from '../../../plugin/analyzer/rtp/index.ts';
import { readFixture } from '../../../scripts/fixtures/rtpdump.ts';
import type { Datagram } from '../../../scripts/fixtures/rtpdump.ts';
import { goodbye, PAYLOAD_TYPE, rtpDatagram, senderReport, SSRC } from './datagrams.ts';

const START_MS = 1_800_000_000_000;
const PICTURES = 24;

function receiver(codec: VideoCodec, options: { ssrc?: number } = {}): VideoReceiver {
  return new VideoReceiver({ codec, clockRate: 90_000, payloadType: PAYLOAD_TYPE, ...options });
}

/** Plays datagrams into a receiver as they arrive, and 300 ms longer. */
function play(target: VideoReceiver, datagrams: readonly Datagram[]): TimedAccessUnit[] {
  const units: TimedAccessUnit[] = [];
  let endMs = START_MS;
  for (const { atMs, data } of datagrams) {
    endMs = START_MS + atMs;
    target.push(data, endMs);
    units.push(...target.poll(endMs));
  }
  units.push(...target.poll(endMs + 300));
  return units;
}

function media(codec: VideoCodec): Datagram[] {
  return readFixture(codec).filter(({ data }) => !isRtcp(data));
}

function isKey(unit: TimedAccessUnit): boolean {
  return unit.unit.keyFrame;
}

for (const codec of VIDEO_CODECS) {
  describe(`VideoReceiver of ${codec}`, () => {
    it('gives every picture of a real stream, complete and in order', () => {
      const target = receiver(codec);
      const units = play(target, readFixture(codec));
      assert.equal(units.length, PICTURES);
      assert.deepEqual(
        units.flatMap((unit, index) => (isKey(unit) ? [index] : [])),
        [0, 12],
      );
      for (const { unit } of units.filter(isKey)) assert.deepEqual([unit.width, unit.height], [160, 120]);
      const { droppedUnits, malformedPackets, lost, keyFrames, keyFrameRequests } = target.stats;
      assert.deepEqual(
        { droppedUnits, malformedPackets, lost, keyFrames, keyFrameRequests },
        { droppedUnits: 0, malformedPackets: 0, lost: 0, keyFrames: 2, keyFrameRequests: 0 },
      );
    });

    it('times pictures a frame interval apart', () => {
      const units = play(receiver(codec), readFixture(codec));
      for (const [index, { wallMs }] of units.entries()) {
        const previous = units[index - 1];
        if (previous && index > 3) assert.ok(Math.abs(wallMs - previous.wallMs - 1000 / 15) < 10, `picture ${index}`);
      }
    });

    it('gives the same pictures when packets come out of order and twice', () => {
      const expected = play(receiver(codec), media(codec)).map(({ unit }) => unit);
      const random = seededRandom(7);
      const shuffled = media(codec)
        .flatMap((datagram, index) => {
          const late = { ...datagram, atMs: datagram.atMs + (index === 0 ? 0 : random() * 50) };
          return random() < 0.2 ? [late, { ...late, atMs: late.atMs + 5 }] : [late];
        })
        .sort((a, b) => a.atMs - b.atMs);
      const target = receiver(codec);
      assert.deepEqual(
        play(target, shuffled).map(({ unit }) => unit),
        expected,
      );
      assert.ok(target.stats.duplicates > 0 && target.stats.reordered > 0);
    });

    it('gives nothing between the loss of any one packet and the next key frame, and asks for one', () => {
      const packets = media(codec);
      const complete = play(receiver(codec), packets).map(({ unit }) => unit);
      for (let lost = 1; lost < packets.length - 1; lost++) {
        const target = receiver(codec);
        const units = play(
          target,
          packets.filter((_, index) => index !== lost),
        ).map(({ unit }) => unit);
        const timestamp = parseRtp(packets[lost]?.data ?? new Uint8Array())?.timestamp;
        const at = complete.findIndex((unit) => unit.rtpTimestamp === timestamp);
        const resume = complete.findIndex((unit, index) => unit.keyFrame && index > at);
        const expected = complete.filter((_, index) => index < at || (resume >= 0 && index >= resume));
        assert.deepEqual(units, expected, `packet ${lost} lost`);
        assert.equal(target.stats.lost, 1);
        const asks = target.needsKeyFrame(START_MS + 10_000);
        assert.equal(asks, resume < 0, `asks for a key frame after the loss of packet ${lost}`);
      }
    });
  });
}

describe('VideoReceiver', () => {
  it('turns away other payload types and streams and counts them', () => {
    const target = receiver('vp8', { ssrc: SSRC });
    target.push(rtpDatagram({ payloadType: 97 }), START_MS);
    target.push(rtpDatagram({ ssrc: 1234 }), START_MS);
    target.push(Uint8Array.of(1, 2, 3), START_MS);
    assert.deepEqual(target.poll(START_MS + 500), []);
    const { foreign, malformed, packets } = target.stats;
    assert.deepEqual({ foreign, malformed, packets }, { foreign: 2, malformed: 1, packets: 0 });
    assert.equal(target.needsKeyFrame(START_MS + 5000), false);
  });

  it('maps to the wall by the reports of its own stream', () => {
    const packets = media('vp8');
    const first = parseRtp(packets[0]?.data ?? new Uint8Array());
    const report = senderReport({ ntpMs: START_MS - 1000, rtpTimestamp: first?.timestamp ?? 0 });
    const foreign = senderReport({ ssrc: 99, ntpMs: START_MS, rtpTimestamp: first?.timestamp ?? 0 });
    const target = receiver('vp8', { ssrc: SSRC });
    target.push(foreign, START_MS);
    target.push(report, START_MS);
    const units = play(target, packets);
    assert.equal(target.stats.senderReports, 1);
    assert.equal(units[0]?.wallMs, START_MS);
  });

  it('follows a stream that replaces another when no SSRC was named', () => {
    const first = media('vp8');
    const second = media('vp8').map(({ atMs, data }) => {
      const other = data.slice();
      new DataView(other.buffer).setUint32(8, 4711);
      return { atMs: atMs + 3000, data: other };
    });
    const target = receiver('vp8');
    const units = play(target, [...first, ...second]);
    assert.equal(target.stats.restarts, 1);
    // The first packets of the new stream, key frame and all, were needed to believe in it.
    assert.deepEqual(units.filter(isKey).length, 3);
    for (const [index, { wallMs }] of units.entries()) assert.ok(wallMs >= (units[index - 1]?.wallMs ?? 0));
  });

  it('asks for a key frame after an error of the decoder and gives nothing until it comes', () => {
    const packets = media('vp8');
    const target = receiver('vp8');
    const half = packets.slice(0, 20);
    const before = play(target, half);
    const nowMs = START_MS + (half.at(-1)?.atMs ?? 0);
    assert.equal(target.needsKeyFrame(nowMs), false);
    target.onDecoderError();
    assert.equal(target.needsKeyFrame(nowMs), true);
    assert.equal(target.needsKeyFrame(nowMs + 100), false);
    const after = play(target, packets.slice(20));
    assert.ok(before.length > 0 && after.length > 0);
    assert.equal(after[0]?.unit.keyFrame, true);
    assert.equal(target.needsKeyFrame(nowMs + 60_000), false);
  });

  it('knows that the sender has said goodbye, and that it came back', () => {
    const target = receiver('vp8', { ssrc: SSRC });
    target.push(rtpDatagram(), START_MS);
    target.push(goodbye(5), START_MS);
    assert.equal(target.ended, false);
    target.push(goodbye(5, SSRC), START_MS);
    assert.equal(target.ended, true);
    target.push(rtpDatagram({ sequenceNumber: 1 }), START_MS + 10);
    assert.equal(target.ended, false);
  });

  it('goes on at the next key frame after a reset', () => {
    const packets = media('vp8');
    const target = receiver('vp8');
    play(target, packets.slice(0, 10));
    target.reset();
    const units = play(target, packets.slice(15));
    assert.equal(units[0]?.unit.keyFrame, true);
    assert.equal(units.length, 12);
  });

  it('names the option, the value and what is allowed when one is wrong', () => {
    assert.throws(() => receiver('vp7' as VideoCodec), /codec is "vp7".*vp8, vp9, h264, av1/);
    assert.throws(
      () => new VideoReceiver({ codec: 'vp8', clockRate: 90_000, payloadType: 200 }),
      /payloadType is 200.*0 to 127/,
    );
    assert.throws(() => new VideoReceiver({ codec: 'vp8', clockRate: -1, payloadType: 96 }), /clockRate is -1/);
  });
});
