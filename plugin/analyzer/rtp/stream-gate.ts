import type { RtpPacket } from './packet.ts';

export interface StreamGateOptions {
  payloadType: number;
  /** Without it the first stream of the payload type is followed, and the one that replaces it. */
  ssrc?: number;
}

/** Packets in a row by which another stream replaces the one followed. */
const CONFIRMATIONS = 3;

/**
 * Lets through the packets of one stream: anything of another payload type (RTX, FEC, comfort noise, probation) or
 * another SSRC is turned away.
 */
export class StreamGate {
  readonly #payloadType: number;
  readonly #fixed: boolean;
  #ssrc: number | null;
  #candidate: { ssrc: number; count: number } | null = null;

  constructor(options: StreamGateOptions) {
    this.#payloadType = options.payloadType;
    this.#fixed = options.ssrc !== undefined;
    this.#ssrc = options.ssrc ?? null;
  }

  /** The stream followed; null before the first packet when none was named. */
  get ssrc(): number | null {
    return this.#ssrc;
  }

  /** `replaced` when the packet is let through and a new stream begins with it. */
  admit(packet: RtpPacket): 'admitted' | 'replaced' | 'foreign' {
    if (packet.payloadType !== this.#payloadType) return 'foreign';
    if (packet.ssrc === this.#ssrc) {
      this.#candidate = null;
      return 'admitted';
    }
    if (this.#fixed) return 'foreign';
    if (this.#ssrc === null) {
      this.#ssrc = packet.ssrc;
      return 'admitted';
    }
    if (this.#candidate?.ssrc === packet.ssrc) this.#candidate.count++;
    else this.#candidate = { ssrc: packet.ssrc, count: 1 };
    if (this.#candidate.count < CONFIRMATIONS) return 'foreign';
    this.#ssrc = packet.ssrc;
    this.#candidate = null;
    return 'replaced';
  }
}
