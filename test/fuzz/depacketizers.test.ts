import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { seededRandom } from '../../scripts/random.ts';
import {
  AudioReceiver,
  createDepacketizer,
  isRtcp,
  mediaSsrcs,
  parseOpus,
  parseRtcp,
  parseRtp,
  VIDEO_CODECS,
  VideoReceiver,
} from '../../plugin/analyzer/rtp/index.ts';
import type { RtpPacket } from '../../plugin/analyzer/rtp/index.ts';
import { readFixture } from '../../scripts/fixtures/rtpdump.ts';
import { PAYLOAD_TYPE, senderReport } from '../analyzer/rtp/datagrams.ts';

const MUTANTS = 20_000;
const report = senderReport({ ntpMs: 1e12, rtpTimestamp: 1 });
/** Far above what the work needs (about 1 s), far below what a loop run wild takes. */
const MAX_MS = 30_000;
const MAX_GROWTH_BYTES = 64 * 1024 * 1024;
/** Twice the most that one access unit may hold. */
const MAX_UNIT_BYTES = 4 * 1024 * 1024;

type Random = () => number;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A recorded stream played over and over, numbered on as if it had no end. */
class EndlessStream {
  readonly #packets: Uint8Array[];
  #count = 0;

  constructor(codec: string) {
    this.#packets = readFixture(codec)
      .filter(({ data }) => !isRtcp(data))
      .map(({ data }) => data);
  }

  next(): Uint8Array {
    const round = Math.floor(this.#count / this.#packets.length);
    const packet = (this.#packets[this.#count % this.#packets.length] ?? new Uint8Array()).slice();
    const view = new DataView(packet.buffer);
    view.setUint16(2, this.#count & 0xffff);
    view.setUint32(4, (view.getUint32(4) + round * 144_000) >>> 0);
    this.#count++;
    return packet;
  }
}

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => below(random, 256));
}

/** One of many ways to spoil a datagram; some leave it as it is, so that states deep in a stream are reached. */
function mutate(original: Uint8Array, random: Random): Uint8Array {
  const bytes = original.slice();
  const at = below(random, bytes.length);
  switch (below(random, 9)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
      return bytes;
    case 1:
      for (let i = 0; i < 8; i++) bytes[below(random, bytes.length)] = below(random, 256);
      return bytes;
    case 2:
      return bytes.slice(0, at);
    case 3: {
      const longer = new Uint8Array(bytes.length + below(random, 1500));
      longer.set(bytes);
      return longer;
    }
    case 4:
      // The payload descriptor and what follows it.
      for (let i = 12; i < Math.min(20, bytes.length); i++) if (random() < 0.5) bytes[i] = below(random, 256);
      return bytes;
    case 5:
      // The RTP header, its version, payload type and stream kept so that it gets through.
      for (let i = 2; i < 8; i++) if (random() < 0.3) bytes[i] = below(random, 256);
      return bytes;
    case 6:
      bytes[0] = 0x80 | below(random, 64);
      return bytes;
    case 7: {
      const tail = randomBytes(random, below(random, 60));
      const joined = new Uint8Array(Math.min(12, bytes.length) + tail.length);
      joined.set(bytes.subarray(0, 12));
      joined.set(tail, Math.min(12, bytes.length));
      return joined;
    }
    default:
      return bytes;
  }
}

/** Runs `work` and holds it to the bounds of time and memory. */
function bounded(work: () => void): void {
  collectGarbage();
  const before = process.memoryUsage();
  const startMs = performance.now();
  work();
  const elapsedMs = performance.now() - startMs;
  collectGarbage();
  const after = process.memoryUsage();
  assert.ok(elapsedMs < MAX_MS, `took ${Math.round(elapsedMs)} ms`);
  const growth = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  assert.ok(growth < MAX_GROWTH_BYTES, `holds ${growth} bytes more than before`);
}

describe('hostile packets', () => {
  for (const codec of VIDEO_CODECS) {
    it(`never make the ${codec} depacketizer throw, hold much or give out nonsense`, () => {
      const packets = readFixture(codec).flatMap(({ data }) => parseRtp(data) ?? []);
      const random = seededRandom(codec.charCodeAt(codec.length - 1));
      const depacketizer = createDepacketizer(codec);
      let units = 0;
      bounded(() => {
        for (let i = 0; i < MUTANTS; i++) {
          const packet = packets[i % packets.length];
          assert.ok(packet);
          const mutant: RtpPacket = {
            ...packet,
            sequenceNumber: random() < 0.05 ? below(random, 65_536) : i & 0xffff,
            marker: random() < 0.05 ? !packet.marker : packet.marker,
            payload: random() < 0.4 ? packet.payload : mutate(packet.payload, random),
          };
          const unit = depacketizer.push(mutant);
          if (random() < 0.01) depacketizer.onGap();
          if (!unit) continue;
          units++;
          assert.ok(unit.data.byteLength > 0 && unit.data.byteLength < MAX_UNIT_BYTES);
          assert.ok(unit.temporalId >= 0 && unit.temporalId <= 7);
          if (unit.width !== undefined) assert.ok(unit.width > 0 && unit.width <= 65_536);
        }
      });
      const { droppedUnits, malformedPackets } = depacketizer.stats;
      assert.ok(units > 20, `${units} units came through: the fuzz reaches the depths of the format`);
      assert.ok(droppedUnits > 100 && malformedPackets > 0, `${droppedUnits} dropped, ${malformedPackets} malformed`);
    });

    it(`never make the ${codec} receiver throw, hold much or tell impossible times`, () => {
      const stream = new EndlessStream(codec);
      const random = seededRandom(1 + codec.charCodeAt(codec.length - 1));
      const receiver = new VideoReceiver({ codec, clockRate: 90_000, payloadType: PAYLOAD_TYPE });
      bounded(() => {
        for (let i = 0; i < MUTANTS; i++) {
          const nowMs = i * 33;
          const data = stream.next();
          receiver.push(random() < 0.1 ? mutate(data, random) : data, nowMs);
          if (random() < 0.01) receiver.push(mutate(report, random), nowMs);
          for (const { wallMs } of receiver.poll(nowMs)) {
            assert.ok(Number.isFinite(wallMs) && wallMs <= nowMs + 5000, `${wallMs} at ${nowMs}`);
          }
          receiver.needsKeyFrame(nowMs);
        }
      });
      const { units, droppedUnits, keyFrameRequests } = receiver.stats;
      assert.ok(units > 500 && droppedUnits > 500, `${units} units came through, ${droppedUnits} were dropped`);
      assert.ok(keyFrameRequests > 10 && keyFrameRequests <= (MUTANTS * 33) / 500 + 1);
    });
  }

  it('never make the Opus receiver throw, hold much or tell impossible times', () => {
    const stream = new EndlessStream('opus');
    const random = seededRandom(5);
    const receiver = new AudioReceiver({ payloadType: PAYLOAD_TYPE });
    let items = 0;
    bounded(() => {
      for (let i = 0; i < MUTANTS; i++) {
        const nowMs = i * 20;
        const data = stream.next();
        receiver.push(random() < 0.3 ? mutate(data, random) : data, nowMs);
        const due = receiver.poll(nowMs);
        items += due.length;
        // A second of silence and half a second of loss in the shortest frames is the most that one packet can bring on.
        assert.ok(due.length < 2000);
        for (const item of due) {
          assert.ok(Number.isFinite(item.wallMs) && item.wallMs <= nowMs + 5000);
          assert.ok(item.durationMs >= 0 && Number.isFinite(item.durationMs));
          if (item.kind === 'packet') assert.ok(item.payload.byteLength > 0 && item.skipMs < item.durationMs);
        }
      }
    });
    assert.ok(items > MUTANTS / 2, `${items} items`);
  });

  it('never make the parsers throw, whatever the bytes', () => {
    const random = seededRandom(99);
    bounded(() => {
      for (let i = 0; i < MUTANTS; i++) {
        const noise = randomBytes(random, below(random, 120));
        if (noise.length > 1 && random() < 0.7) {
          noise[0] = 0x80 | ((noise[0] ?? 0) & 0x3f);
          if (random() < 0.5) noise[1] = 200 + below(random, 8);
        }
        for (const bytes of [noise, mutate(report, random)]) {
          const packet = parseRtp(bytes);
          if (packet) assert.ok(packet.payload.byteLength <= bytes.byteLength - 12);
          assert.ok(parseRtcp(bytes).length <= bytes.byteLength / 4);
          assert.ok(mediaSsrcs(bytes).length <= bytes.byteLength / 4);
          const opus = parseOpus(bytes);
          if (opus) assert.ok(opus.durationTicks >= 120 && opus.durationTicks <= 5760);
        }
      }
    });
  });
});

describe('endless parts of one access unit', () => {
  for (const [codec, payload] of [
    ['vp8', [0x00, 1]],
    ['vp9', [0x00, 1]],
    ['h264', [0x7c, 0x01, 1]],
    ['av1', [0xd0, 1]],
  ] as const) {
    it(`are not held without bound by ${codec}`, () => {
      const start = { vp8: [0x10, 1], vp9: [0x08, 0x80], h264: [0x7c, 0x81, 0x80], av1: [0x50, 1] }[codec];
      const depacketizer = createDepacketizer(codec);
      const part = (sequenceNumber: number, bytes: readonly number[]): RtpPacket => ({
        marker: false,
        payloadType: PAYLOAD_TYPE,
        sequenceNumber: sequenceNumber & 0xffff,
        timestamp: 1,
        ssrc: 1,
        payload: Uint8Array.from(bytes),
      });
      depacketizer.push(part(0, start));
      bounded(() => {
        for (let i = 1; i < 100_000; i++) depacketizer.push(part(i, payload));
      });
      assert.equal(depacketizer.stats.droppedUnits, 1);
      assert.equal(depacketizer.needsKeyFrame, true);
    });
  }
});
