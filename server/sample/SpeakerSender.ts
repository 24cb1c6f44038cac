import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import type { IvfFrame } from './ivf.ts';
import type { OpusFrame } from './ogg-opus.ts';
import { RtpStream } from './RtpStream.ts';
import { toVp8Payloads } from './vp8-payload.ts';

export interface SpeakerIdentity {
  participantId: string;
  displayName: string;
}

const AUDIO_PAYLOAD_TYPE = 100;
const VIDEO_PAYLOAD_TYPE = 101;
const AUDIO_CLOCK_RATE = 48_000;
const VIDEO_CLOCK_RATE = 90_000;
/** An Opus frame in discontinuous transmission: its header byte and nothing, or nearly so, that needs to be sent. */
const DTX_BYTES = 2;
const LOOPBACK = '127.0.0.1';

/** One speaker in the router: a PlainTransport with two producers, and the socket that feeds it. */
export class SpeakerSender {
  readonly #transport: mediasoup.PlainTransport;
  readonly #socket: Socket;
  readonly #audio: RtpStream;
  readonly #video: RtpStream;
  #pictureId = randomBytes(2).readUInt16BE(0) & 0x7fff;
  #silent = true;
  #closed = false;

  private constructor(transport: mediasoup.PlainTransport, socket: Socket, audio: RtpStream, video: RtpStream) {
    this.#transport = transport;
    this.#socket = socket;
    this.#audio = audio;
    this.#video = video;
  }

  static async open(router: mediasoup.Router, identity: SpeakerIdentity): Promise<SpeakerSender> {
    const appData = { ...identity, sample: true };
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: LOOPBACK },
      rtcpMux: true,
      comedia: true,
      appData,
    });
    const socket = createSocket('udp4');
    try {
      const cname = randomBytes(8).toString('hex');
      const ssrc = randomBytes(4).readUInt32BE(0) & 0x7fff_fffe;
      const audio = { cname, ssrc, payloadType: AUDIO_PAYLOAD_TYPE, clockRate: AUDIO_CLOCK_RATE };
      const video = { cname, ssrc: ssrc + 1, payloadType: VIDEO_PAYLOAD_TYPE, clockRate: VIDEO_CLOCK_RATE };
      await transport.produce({ kind: 'audio', rtpParameters: opusParameters(audio.ssrc, cname), appData });
      await transport.produce({ kind: 'video', rtpParameters: vp8Parameters(video.ssrc, cname), appData });
      socket.bind(0, LOOPBACK);
      await once(socket, 'listening');
      socket.connect(transport.tuple.localPort, LOOPBACK);
      await once(socket, 'connect');
      // Feedback is read to keep the socket's buffer empty. A key frame comes once a second anyway.
      socket.on('message', () => {});
      const sender = new SpeakerSender(transport, socket, new RtpStream(audio), new RtpStream(video));
      // The port is refused once the router is gone; nobody is left to send to.
      socket.on('error', () => sender.close());
      transport.observer.once('close', () => sender.close());
      return sender;
    } catch (error) {
      socket.close();
      transport.close();
      throw error;
    }
  }

  onClose(listener: () => void): void {
    this.#transport.observer.once('close', listener);
  }

  /** @param timeMs When the frame's sound begins, on the call's time line. */
  sendAudio({ packet }: OpusFrame, timeMs: number): void {
    if (packet.length <= DTX_BYTES) {
      this.#silent = true;
      return;
    }
    // The marker tells that silence has ended (RFC 3551, 4.1).
    this.#send(this.#audio.packet(packet, timeMs, this.#silent));
    this.#silent = false;
  }

  /** @param timeMs When the picture was taken, on the call's time line. */
  sendVideo({ data }: IvfFrame, timeMs: number): void {
    const payloads = toVp8Payloads(data, this.#pictureId);
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    payloads.forEach((payload, index) => {
      this.#send(this.#video.packet(payload, timeMs, index === payloads.length - 1));
    });
  }

  /** Says that `timeMs` on the call's time line is `wallMs` since 1970. */
  sendReports(timeMs: number, wallMs: number): void {
    this.#send(this.#audio.report(timeMs, wallMs));
    this.#send(this.#video.report(timeMs, wallMs));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
    this.#transport.close();
  }

  #send(datagram: Buffer): void {
    if (!this.#closed) this.#socket.send(datagram);
  }
}

function opusParameters(ssrc: number, cname: string): mediasoup.RtpParameters {
  return {
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: AUDIO_PAYLOAD_TYPE,
        clockRate: AUDIO_CLOCK_RATE,
        channels: 2,
        parameters: { useinbandfec: 1, usedtx: 1 },
      },
    ],
    encodings: [{ ssrc, dtx: true }],
    rtcp: { cname },
  };
}

function vp8Parameters(ssrc: number, cname: string): mediasoup.RtpParameters {
  return {
    codecs: [{ mimeType: 'video/VP8', payloadType: VIDEO_PAYLOAD_TYPE, clockRate: VIDEO_CLOCK_RATE }],
    encodings: [{ ssrc }],
    rtcp: { cname },
  };
}
