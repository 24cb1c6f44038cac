import { randomBytes } from 'node:crypto';
import { senderReport } from './sender-report.ts';

export interface RtpStreamOptions {
  payloadType: number;
  /** Hz. */
  clockRate: number;
  ssrc: number;
  /** Joins the streams of one participant to one clock (RFC 3550, 6.5.1). */
  cname: string;
}

const HEADER_BYTES = 12;

/** The sending end of one RTP stream (RFC 3550): sequence numbers, timestamps and sender reports. */
export class RtpStream {
  readonly #options: RtpStreamOptions;
  #sequence: number;
  readonly #timestampBase: number;
  #packets = 0;
  #octets = 0;

  constructor(options: RtpStreamOptions) {
    this.#options = options;
    const random = randomBytes(6);
    this.#sequence = random.readUInt16BE(0);
    this.#timestampBase = random.readUInt32BE(2);
  }

  /** @param timeMs Of the media in the packet, on the stream's time line. */
  packet(payload: Uint8Array, timeMs: number, marker: boolean): Buffer {
    const packet = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
    packet[0] = 0x80;
    packet[1] = (marker ? 0x80 : 0) | this.#options.payloadType;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(this.#timestamp(timeMs), 4);
    packet.writeUInt32BE(this.#options.ssrc, 8);
    packet.set(payload, HEADER_BYTES);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#packets += 1;
    this.#octets += payload.length;
    return packet;
  }

  /** What was sent so far, and that `timeMs` on the stream's time line is `wallMs` since 1970. */
  report(timeMs: number, wallMs: number): Buffer {
    const { ssrc, cname } = this.#options;
    return senderReport({
      ssrc,
      cname,
      wallMs,
      rtpTimestamp: this.#timestamp(timeMs),
      packets: this.#packets,
      octets: this.#octets,
    });
  }

  #timestamp(timeMs: number): number {
    return (this.#timestampBase + Math.round((timeMs * this.#options.clockRate) / 1000)) >>> 0;
  }
}
