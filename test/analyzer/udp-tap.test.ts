import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { UdpTap } from '../../plugin/analyzer/UdpTap.ts';

const SSRC = 0x1234_5678;

let sfu: Socket;
let stranger: Socket;
let tap: UdpTap;
let received: [trackId: string, bytes: number][];
let arrived: () => void;

async function socket(): Promise<Socket> {
  const made = createSocket('udp4');
  made.bind(0, '127.0.0.1');
  await once(made, 'listening');
  return made;
}

function rtp(ssrc = SSRC, length = 40): Buffer {
  const data = Buffer.alloc(length, 1);
  data[0] = 0x80;
  data[1] = 96;
  data.writeUInt32BE(ssrc, 8);
  return data;
}

/** One compound packet with a sender report (RFC 3550, 6.4.1) of each SSRC. */
function reports(...ssrcs: number[]): Buffer {
  return Buffer.concat(
    ssrcs.map((ssrc) => {
      const data = Buffer.alloc(28);
      data[0] = 0x80;
      data[1] = 200;
      data.writeUInt16BE(6, 2);
      data.writeUInt32BE(ssrc, 4);
      data.writeUInt32BE(3_900_000_000, 8);
      return data;
    }),
  );
}

/** Resolves when a packet that is known to be taken has come through: all sent before it have been dealt with. */
async function settle(): Promise<void> {
  const came = new Promise<void>((resolve) => (arrived = resolve));
  sfu.send(rtp(SSRC, 1_000), tap.port, '127.0.0.1');
  await came;
  received.pop();
}

beforeEach(async () => {
  received = [];
  [sfu, stranger] = [await socket(), await socket()];
  tap = await UdpTap.open({
    datagram: (trackId, data) => {
      received.push([trackId, data.length]);
      if (data.length === 1_000) arrived();
    },
    error: (error) => assert.fail(error),
  });
  tap.setSource(sfu.address().port);
  tap.addTrack(SSRC, 'voice');
});

afterEach(() => {
  for (const each of [sfu, stranger, tap]) each.close();
});

test('packets of a known track reach it, RTP and RTCP', async () => {
  sfu.send(rtp(SSRC, 50), tap.port, '127.0.0.1');
  sfu.send(reports(SSRC), tap.port, '127.0.0.1');
  await settle();
  assert.deepEqual(received, [
    ['voice', 50],
    ['voice', 28],
  ]);
});

test('a compound of the reports of several tracks reaches each of them', async () => {
  tap.addTrack(7, 'face');
  sfu.send(reports(SSRC, 99, 7), tap.port, '127.0.0.1');
  await settle();
  assert.deepEqual(received, [
    ['voice', 84],
    ['face', 84],
  ]);
});

test('nobody but the SFU can speak for a participant', async () => {
  await new Promise((resolve) => stranger.send(rtp(), tap.port, '127.0.0.1', resolve));
  await settle();
  assert.deepEqual(received, []);
  assert.equal(tap.refused, 1);
});

test('packets of no track and scraps too short for a header are counted and dropped', async () => {
  sfu.send(rtp(99), tap.port, '127.0.0.1');
  sfu.send(Buffer.from([0x80]), tap.port, '127.0.0.1');
  sfu.send(Buffer.alloc(0), tap.port, '127.0.0.1');
  await settle();
  assert.deepEqual(received, []);
  assert.equal(tap.refused, 3);
});

test('a removed track receives nothing more', async () => {
  tap.addTrack(7, 'other');
  tap.removeTrack('voice');
  sfu.send(rtp(), tap.port, '127.0.0.1');
  tap.addTrack(8, 'end');
  const came = new Promise<void>((resolve) => (arrived = resolve));
  sfu.send(rtp(8, 1_000), tap.port, '127.0.0.1');
  await came;
  assert.deepEqual(received, [['end', 1_000]]);
});
