import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { createWorker } from 'mediasoup';
import type { types as mediasoup } from 'mediasoup';

import { AudioReceiver, isRtcp, mediaSsrcs, SenderClock, VideoReceiver } from '../../../plugin/analyzer/rtp/index.ts';
import { rtpDatagram, senderReport } from './datagrams.ts';

const AUDIO = { ssrc: 1111, payloadType: 111, packetMs: 20, firstTimestamp: 0xffff_8000, ticksPerMs: 48 };
const VIDEO = { ssrc: 2222, payloadType: 96, packetMs: 40, firstTimestamp: 77_000, ticksPerMs: 90 };
type Track = typeof AUDIO;

const SPEECH = [9 << 3, 0b1100_0000, 1, 2, 3];
const KEY_FRAME = [0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00, 1, 2, 3];
/** Pictures leave the sender so much later than sound that was captured with them. */
const VIDEO_LAG_MS = 80;
/** The sender's clock is an hour slow. */
const SENDER_OFFSET_MS = -3_600_000;
const LOOPBACK = '127.0.0.1';

const CODECS: mediasoup.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2, preferredPayloadType: AUDIO.payloadType },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, preferredPayloadType: VIDEO.payloadType },
];

function timestampOf({ firstTimestamp, ticksPerMs }: Track, atMs: number): number {
  return (firstTimestamp + atMs * ticksPerMs) >>> 0;
}

/** A participant: sound and pictures captured on one clock, with a report of each every second. */
class Sender {
  readonly #send: (datagram: Uint8Array) => void;
  readonly #timer: NodeJS.Timeout;
  readonly startMs = Date.now();
  #sounds = 0;
  #pictures = 0;
  #reports = 0;

  constructor(send: (datagram: Uint8Array) => void) {
    this.#send = send;
    this.#timer = setInterval(() => this.#sendDue(Date.now() - this.startMs), 5);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sendDue(nowMs: number): void {
    while (this.#sounds * AUDIO.packetMs <= nowMs) this.#packet(AUDIO, this.#sounds++, SPEECH);
    while (this.#pictures * VIDEO.packetMs + VIDEO_LAG_MS <= nowMs) this.#packet(VIDEO, this.#pictures++, KEY_FRAME);
    if (nowMs < 300 + this.#reports * 1000) return;
    this.#reports++;
    for (const track of [AUDIO, VIDEO]) {
      const rtpTimestamp = timestampOf(track, nowMs);
      this.#send(senderReport({ ssrc: track.ssrc, ntpMs: this.startMs + nowMs + SENDER_OFFSET_MS, rtpTimestamp }));
    }
  }

  #packet(track: Track, sequenceNumber: number, payload: number[]): void {
    const timestamp = timestampOf(track, sequenceNumber * track.packetMs);
    const { ssrc, payloadType } = track;
    this.#send(rtpDatagram({ ssrc, payloadType, sequenceNumber, timestamp, payload, marker: true }));
  }
}

async function produce(transport: mediasoup.PlainTransport, kind: mediasoup.MediaKind): Promise<mediasoup.Producer> {
  const track = kind === 'audio' ? AUDIO : VIDEO;
  const [audio, video] = CODECS;
  const codec = kind === 'audio' ? audio : video;
  assert.ok(codec);
  const { mimeType, clockRate, channels } = codec;
  const codecs = [{ mimeType, clockRate, channels, payloadType: track.payloadType }];
  return transport.produce({
    kind,
    rtpParameters: { codecs, encodings: [{ ssrc: track.ssrc }], rtcp: { cname: 'one' } },
  });
}

async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, LOOPBACK);
  await once(socket, 'listening');
  return socket;
}

function ssrcOf(consumer: mediasoup.Consumer): number {
  const ssrc = consumer.rtpParameters.encodings?.[0]?.ssrc;
  assert.ok(ssrc !== undefined);
  return ssrc;
}

describe('streams through a mediasoup router', () => {
  it(
    'come out with sound and pictures together though the pictures were sent 80 ms late',
    { timeout: 30_000 },
    async (t) => {
      const worker = await createWorker({ logLevel: 'error' });
      t.after(() => worker.close());
      const router = await worker.createRouter({ mediaCodecs: CODECS });
      const listenInfo = { protocol: 'udp', ip: LOOPBACK } as const;
      const ingress = await router.createPlainTransport({ listenInfo, rtcpMux: true, comedia: true });
      const egress = await router.createPlainTransport({ listenInfo, rtcpMux: true, comedia: false });

      const tap = await boundSocket();
      t.after(() => tap.close());
      await egress.connect({ ip: LOOPBACK, port: tap.address().port });
      const rtpCapabilities = router.rtpCapabilities;
      const { id: audioId } = await produce(ingress, 'audio');
      const { id: videoId } = await produce(ingress, 'video');
      const audioConsumer = await egress.consume({ producerId: audioId, rtpCapabilities });
      const videoConsumer = await egress.consume({ producerId: videoId, rtpCapabilities });

      const senderClock = new SenderClock();
      const audio = new AudioReceiver({ payloadType: AUDIO.payloadType, ssrc: ssrcOf(audioConsumer), senderClock });
      const video = new VideoReceiver({
        codec: 'vp8',
        clockRate: 90_000,
        payloadType: VIDEO.payloadType,
        ssrc: ssrcOf(videoConsumer),
        senderClock,
      });
      const sounds = new Map<number, number>();
      const pictures = new Map<number, number>();
      let reportsOfBoth = 0;
      const settled = new Promise<void>((resolve) => {
        tap.on('message', (message: Uint8Array) => {
          const nowMs = Date.now();
          const datagram = new Uint8Array(message);
          if (isRtcp(datagram) && mediaSsrcs(datagram).length === 2) reportsOfBoth++;
          audio.push(datagram, nowMs);
          video.push(datagram, nowMs);
          for (const item of audio.poll(nowMs)) if (item.kind === 'packet') sounds.set(item.rtpTimestamp, item.wallMs);
          for (const { unit, wallMs } of video.poll(nowMs)) pictures.set(unit.rtpTimestamp, wallMs);
          if (audio.stats.senderReports >= 5 && video.stats.senderReports >= 5) resolve();
        });
      });

      const sending = await boundSocket();
      t.after(() => sending.close());
      const sender = new Sender((datagram) => sending.send(datagram, ingress.tuple.localPort, LOOPBACK));
      t.after(() => sender.stop());
      await settled;
      sender.stop();

      assert.ok(reportsOfBoth > 0, 'one RTCP datagram carries the reports of both streams');
      assert.equal(video.stats.lost + audio.stats.lost, 0);
      // The last half second: every picture against the sound that was captured with it.
      const offsets: number[] = [];
      for (let index = pictures.size - 1; index >= 0 && offsets.length < 12; index--) {
        const atMs = index * VIDEO.packetMs;
        const pictureMs = pictures.get(timestampOf(VIDEO, atMs));
        const soundMs = sounds.get(timestampOf(AUDIO, atMs));
        if (pictureMs === undefined || soundMs === undefined) continue;
        offsets.push(pictureMs - soundMs);
        assert.ok(Math.abs(soundMs - sender.startMs - atMs) < 60, 'wall time is the time of capture');
      }
      assert.equal(offsets.length, 12);
      for (const offset of offsets) assert.ok(Math.abs(offset) <= 20, `picture ${offset.toFixed(1)} ms from its sound`);
    },
  );
});
