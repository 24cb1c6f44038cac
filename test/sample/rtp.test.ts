import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDepacketizer, parseRtcp, parseRtp } from '../../plugin/analyzer/rtp/index.ts';
import { readRecording } from '../../server/sample/index.ts';
import { RtpStream } from '../../server/sample/RtpStream.ts';
import { MAX_PAYLOAD_BYTES, toVp8Payloads } from '../../server/sample/vp8-payload.ts';

const { speakers } = await readRecording();
const stream = () => new RtpStream({ payloadType: 101, clockRate: 90_000, ssrc: 0xdead_beef, cname: 'someone' });

test('frames of the sample, cut into RTP payloads, come out of a depacketizer byte for byte', () => {
  const video = stream();
  const depacketizer = createDepacketizer('vp8');
  const frames = speakers[0]!.video.frames.slice(0, 60);
  const found = frames.flatMap(({ data, timeMs }, index) => {
    const payloads = toVp8Payloads(data, (0x7ff0 + index) & 0x7fff);
    return payloads.flatMap((payload, part) => {
      assert.ok(payload.length <= MAX_PAYLOAD_BYTES);
      const unit = depacketizer.push(parseRtp(video.packet(payload, timeMs, part === payloads.length - 1))!);
      return unit ? [Buffer.from(unit.data)] : [];
    });
  });
  assert.deepEqual(
    found,
    frames.map(({ data }) => Buffer.from(data)),
  );
});

test('the picture id has 15 bits, grows by one and wraps', () => {
  const idOf = (id: number): number => {
    const [payload] = toVp8Payloads(new Uint8Array(10), id);
    assert.equal(payload![2]! & 0x80, 0x80);
    return ((payload![2]! & 0x7f) << 8) | payload![3]!;
  };
  for (const id of [0, 1, 127, 128, 0x7fff]) assert.equal(idOf(id), id);
});

test('only the first payload of a frame begins a partition', () => {
  const flags = toVp8Payloads(new Uint8Array(5000), 1).map((payload) => payload[0]! & 0x10);
  assert.deepEqual(flags, [0x10, 0, 0, 0, 0]);
});

test('sequence numbers run on and timestamps follow the media clock', () => {
  const rtp = stream();
  const packets = [0, 100 / 3, 200 / 3].map((timeMs) => parseRtp(rtp.packet(Uint8Array.of(1), timeMs, true))!);
  const [first, second, third] = packets;
  assert.equal((second!.sequenceNumber - first!.sequenceNumber) & 0xffff, 1);
  assert.equal((third!.sequenceNumber - second!.sequenceNumber) & 0xffff, 1);
  assert.equal((second!.timestamp - first!.timestamp) >>> 0, 3000);
  assert.equal((third!.timestamp - first!.timestamp) >>> 0, 6000);
});

test('a sender report tells which timestamp belongs to which wall time, and what was sent', () => {
  const rtp = stream();
  const first = parseRtp(rtp.packet(new Uint8Array(100), 0, true))!;
  rtp.packet(new Uint8Array(50), 20, true);
  const wallMs = Date.UTC(2031, 4, 6, 7, 8, 9, 123);
  const items = parseRtcp(rtp.report(1000, wallMs));
  const report = items.find((item) => item.kind === 'sender-report');
  assert.ok(report);
  assert.equal(report.ssrc, 0xdead_beef);
  assert.ok(Math.abs(report.ntpMs! - wallMs) < 0.01);
  assert.equal((report.rtpTimestamp - first.timestamp) >>> 0, 90_000);
  assert.deepEqual([report.packetCount, report.octetCount], [2, 150]);
});

test('reports go out with the name that joins sound and picture, on whole words', () => {
  for (const cname of ['a', 'ab', 'abc', 'abcd', 'abcdefgh']) {
    const rtp = new RtpStream({ payloadType: 101, clockRate: 90_000, ssrc: 1, cname });
    const report = rtp.report(0, Date.now());
    assert.equal(report.length % 4, 0);
    assert.equal(report[29], 202);
    assert.equal((report.readUInt16BE(30) + 1) * 4, report.length - 28);
    assert.equal(report.subarray(38, 38 + cname.length).toString(), cname);
    assert.equal(report[38 + cname.length], 0);
  }
});
