import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { seededRandom } from '../../../scripts/random.ts';
import { AudioReceiver, isRtcp } from '../../../plugin/analyzer/rtp/index.ts';
import type { AudioItem } from '../../../plugin/analyzer/rtp/index.ts';
import { readFixture } from '../../../scripts/fixtures/rtpdump.ts';
import { PAYLOAD_TYPE, rtpDatagram, senderReport, SSRC } from './datagrams.ts';

const START_MS = 1_800_000_000_000;
const FRAME_MS = 20;
const TICKS = 960;

/** SILK frames of 20 ms: with in-band FEC, without, and one that is silence. */
const WITH_FEC = [9 << 3, 0b1100_0000, 1, 2, 3];
const WITHOUT_FEC = [9 << 3, 0b1000_0000, 1, 2, 3];
const SILENCE = [9 << 3];

interface Sent {
  /** Which packet of the stream, counted from 0. */
  number: number;
  payload?: number[];
  /** Length of the stream before it in frames; its number when not given. */
  frame?: number;
  arrivalMs?: number;
}

class Call {
  readonly receiver = new AudioReceiver({ payloadType: PAYLOAD_TYPE, ssrc: SSRC });
  readonly items: AudioItem[] = [];

  send(...packets: Sent[]): this {
    for (const { number, payload = WITH_FEC, frame = number, arrivalMs = frame * FRAME_MS } of packets) {
      const datagram = rtpDatagram({
        sequenceNumber: 65_530 + number,
        timestamp: 0xffff_f000 + frame * TICKS,
        payload,
      });
      this.receiver.push(datagram, START_MS + arrivalMs);
      this.poll(arrivalMs);
    }
    return this;
  }

  poll(atMs: number): this {
    this.items.push(...this.receiver.poll(START_MS + atMs));
    return this;
  }

  /** One letter an item and its length in ms. */
  get line(): string {
    return this.items
      .map((item) => `${item.kind}${item.kind === 'long-gap' && item.open ? '(open)' : ''} ${item.durationMs}`)
      .join(', ');
  }
}

function frames(from: number, to: number, payload?: number[]): Sent[] {
  return Array.from({ length: to - from }, (_, i) => ({ number: from + i, payload }));
}

/** Each item begins where the one before it ends. */
function assertGapless(items: readonly AudioItem[], toleranceMs: number): void {
  let endMs: number | null = null;
  for (const item of items) {
    if (item.kind === 'long-gap' && item.open) continue;
    const skipMs = item.kind === 'packet' ? item.skipMs : 0;
    if (endMs !== null) {
      assert.ok(
        Math.abs(item.wallMs + skipMs - endMs) <= toleranceMs,
        `${item.kind} begins at ${item.wallMs + skipMs}, the line ended at ${endMs}`,
      );
    }
    endMs = item.wallMs + item.durationMs;
  }
}

describe('AudioReceiver', () => {
  it('gives every packet of a real stream on a gapless line', () => {
    const receiver = new AudioReceiver({ payloadType: PAYLOAD_TYPE });
    const items: AudioItem[] = [];
    for (const { atMs, data } of readFixture('opus')) {
      receiver.push(data, START_MS + atMs);
      items.push(...receiver.poll(START_MS + atMs));
    }
    assert.equal(items.length, readFixture('opus').filter(({ data }) => !isRtcp(data)).length);
    assert.ok(items.every((item) => item.kind === 'packet' && item.durationMs === 20 && item.skipMs === 0));
    assertGapless(items, 3);
    assert.equal(receiver.stats.senderReports, 1);
  });

  it('gives timestamp, wall time and payload of a packet', () => {
    const [item] = new Call().send({ number: 0 }).items;
    assert.deepEqual(item, {
      kind: 'packet',
      payload: Uint8Array.from(WITH_FEC),
      rtpTimestamp: 0xffff_f000,
      wallMs: START_MS,
      durationMs: 20,
      skipMs: 0,
    });
  });

  it('tells of a lost packet with the next one when that has it in its FEC', () => {
    const call = new Call().send(...frames(0, 3), ...frames(4, 12));
    const at = call.items.findIndex((item) => item.kind === 'lost');
    const lost = call.items[at];
    const next = call.items[at + 1];
    assert.equal(at, 3);
    assert.equal(lost?.kind === 'lost' && next?.kind === 'packet' && lost.fecFrom === next.payload, true);
    assert.equal(lost?.wallMs, START_MS + 60);
    assertGapless(call.items, 0.001);
    assert.equal(call.receiver.stats.fecMs, 20);
  });

  it('offers no FEC where the next packet has none', () => {
    const call = new Call().send(...frames(0, 3), ...frames(4, 12, WITHOUT_FEC));
    const lost = call.items.find((item) => item.kind === 'lost');
    assert.deepEqual(lost, { kind: 'lost', wallMs: START_MS + 60, durationMs: 20 });
  });

  it('offers FEC only for the last of several lost packets', () => {
    const call = new Call().send(...frames(0, 3), ...frames(6, 14));
    const lost = call.items.filter((item) => item.kind === 'lost');
    assert.deepEqual(
      lost.map((item) => [item.wallMs - START_MS, item.fecFrom !== undefined]),
      [
        [60, false],
        [80, false],
        [100, true],
      ],
    );
    assert.equal(call.receiver.stats.lostMs, 60);
    assert.equal(call.receiver.stats.lost, 3);
  });

  it('takes a packet that is no Opus for lost', () => {
    const call = new Call().send(...frames(0, 2), { number: 2, payload: [0xff, 0x00] }, ...frames(3, 5));
    assert.equal(call.line, 'packet 20, packet 20, lost 20, packet 20, packet 20');
    assert.equal(call.receiver.stats.malformedPackets, 1);
  });

  it('gives silence while the sender sends none, as time goes on and not only when it ends', () => {
    const call = new Call().send(...frames(0, 5), { number: 5, payload: SILENCE });
    call.poll(400);
    assertGapless(call.items, 0.001);
    const told = call.items.filter((item) => item.kind === 'dtx').reduce((sum, item) => sum + item.durationMs, 0);
    assert.ok(told >= 200 && told <= 240, `${told} ms of silence told after 300 ms`);
    call.send({ number: 6, frame: 25 });
    assertGapless(call.items, 0.001);
    const all = call.items.filter((item) => item.kind === 'dtx').reduce((sum, item) => sum + item.durationMs, 0);
    assert.equal(all, 400);
    assert.equal(call.receiver.stats.longGaps, 0);
  });

  it('leaves out what was told of as silence when sound comes later than was waited', () => {
    const call = new Call().send(...frames(0, 5), { number: 5, payload: SILENCE });
    call.poll(300);
    const told = call.items.filter((item) => item.kind === 'dtx').reduce((sum, item) => sum + item.durationMs, 0);
    assert.ok(told > 60);
    call.send({ number: 6, frame: 6, payload: [11 << 3, 0b1000_0000, 1], arrivalMs: 310 });
    call.send(
      ...Array.from({ length: 6 }, (_, i) => ({
        number: 7 + i,
        frame: 9 + 3 * i,
        payload: [11 << 3, 0b1000_0000, 1],
        arrivalMs: 320 + 60 * i,
      })),
    );
    const packet = call.items.filter((item) => item.kind === 'packet').at(5);
    assert.ok(packet && packet.skipMs > 0 && packet.skipMs < 60);
    assertGapless(call.items, 5);
  });

  it('tells of a long gap as soon as it is one, and of its length when it ends', () => {
    const call = new Call()
      .send(...frames(0, 10))
      .poll(600)
      .poll(720)
      .poll(800);
    assert.deepEqual(call.items.slice(10), [{ kind: 'long-gap', wallMs: START_MS + 200, durationMs: 520, open: true }]);
    call.send({ number: 10, frame: 100 });
    assert.deepEqual(
      call.items.slice(11).map((item) => [item.kind, Math.round(item.durationMs)]),
      [
        ['long-gap', 1800],
        ['packet', 20],
      ],
    );
    assertGapless(call.items, 0.001);
  });

  it('gives all sound of a stall, after the open long gap, when it was only held up', () => {
    const call = new Call().send(...frames(0, 10)).poll(900);
    assert.equal(call.items.at(-1)?.kind, 'long-gap');
    call.send(...frames(10, 46).map((packet) => ({ ...packet, arrivalMs: 920 })));
    assert.equal(call.items.filter((item) => item.kind === 'packet').length, 46);
    assertGapless(call.items, 25);
    assert.equal(call.receiver.stats.lostMs, 0);
  });

  it('does not conceal more than 500 ms of loss', () => {
    const call = new Call().send(...frames(0, 10), ...frames(40, 50)).poll(1300);
    assert.equal(call.items[10]?.kind, 'long-gap');
    assert.equal(call.items[10]?.durationMs, 600);
    assert.equal(call.receiver.stats.lostMs, 0);
    assertGapless(call.items, 0.001);
  });

  it('goes on when the timestamps start at another place', () => {
    const call = new Call().send(...frames(0, 100));
    const restarted = Array.from({ length: 50 }, (_, i) => ({
      number: 100 + i,
      frame: 100 + i + 1_000_000,
      arrivalMs: (100 + i) * FRAME_MS,
    }));
    call.send(...restarted);
    const packets = call.items.filter((item) => item.kind === 'packet');
    assert.equal(packets.length, 150);
    for (const [index, item] of packets.entries()) {
      assert.ok(
        Math.abs(item.wallMs - START_MS - index * FRAME_MS) <= 45,
        `packet ${index} at ${item.wallMs - START_MS}`,
      );
      assert.ok(item.wallMs >= (packets[index - 1]?.wallMs ?? 0));
    }
  });

  it('begins a new line after a reset', () => {
    const call = new Call().send(...frames(0, 5));
    call.receiver.reset();
    call.send({ number: 5, frame: 400 });
    assert.equal(call.line, 'packet 20, packet 20, packet 20, packet 20, packet 20, packet 20');
    assert.ok(Math.abs((call.items.at(-1)?.wallMs ?? 0) - START_MS - 8000) < 1);
  });

  it('keeps an unbroken, gapless line and loses no sound that came, whatever the network does', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        fc.integer({ min: 0, max: 60 }),
        (seed, loss, jitterMs) => {
          const random = seededRandom(seed);
          const count = 250;
          const arrivals: Sent[] = [];
          for (let number = 0; number < count; number++) {
            const kept = number === 0 || number === count - 1 || random() >= loss;
            if (kept) arrivals.push({ number, arrivalMs: number === 0 ? 0 : number * FRAME_MS + random() * jitterMs });
          }
          arrivals.sort((a, b) => (a.arrivalMs ?? 0) - (b.arrivalMs ?? 0));
          const call = new Call().send(...arrivals).poll(count * FRAME_MS + 400);

          const { late } = call.receiver.stats;
          const closed = call.items.filter((item) => !(item.kind === 'long-gap' && item.open));
          assert.equal(closed.filter((item) => item.kind === 'packet').length, arrivals.length - late);
          const total = closed.reduce((sum, item) => sum + item.durationMs, 0);
          assert.ok(Math.abs(total - count * FRAME_MS) < 0.001, `${total} ms of ${count * FRAME_MS} ms`);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('maps to the wall by sender reports', () => {
    const receiver = new AudioReceiver({ payloadType: PAYLOAD_TYPE, ssrc: SSRC });
    receiver.push(senderReport({ ntpMs: START_MS + 500_000, rtpTimestamp: 0 }), START_MS + 10);
    receiver.push(rtpDatagram({ timestamp: 960, payload: WITH_FEC }), START_MS + 90);
    const [first] = receiver.poll(START_MS + 90);
    assert.ok(first && first.wallMs <= START_MS + 90 && first.wallMs >= START_MS + 30);
    assert.equal(receiver.stats.senderReports, 1);
  });

  it('refuses a clock rate that Opus does not have', () => {
    assert.throws(() => new AudioReceiver({ payloadType: 111, clockRate: 16_000 }), /clockRate is 16000.*48000/);
  });
});
