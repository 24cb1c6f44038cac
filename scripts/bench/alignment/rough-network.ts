import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

const LOOPBACK = '127.0.0.1';

export interface Roughness {
  /** Longest additional time under way, ms; each packet of media gets its own, so they overtake each other. */
  jitterMs: number;
  /** Share of the packets of media that is lost, 0..1. */
  loss: number;
  /** How much longer packets of these payload types are under way, ms. */
  delayMs: ReadonlyMap<number, number>;
}

/**
 * A network between a browser and the SFU on one machine: UDP both ways, with media towards the SFU delayed, shuffled and
 * lost. SRTP leaves the payload type readable (RFC 3711); connectivity checks, DTLS and RTCP pass as they are.
 */
export class RoughNetwork {
  readonly #front: Socket;
  readonly #back: Socket;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #random: () => number;
  #browser: RemoteInfo | undefined;
  roughness: Roughness = { jitterMs: 0, loss: 0, delayMs: new Map() };
  /** Sender reports that came by, of each stream. */
  readonly senderReports = new Map<number, number>();

  private constructor(front: Socket, back: Socket, sfuPort: number, random: () => number) {
    this.#front = front;
    this.#back = back;
    this.#random = random;
    front.on('message', (data, from) => {
      this.#browser = from;
      this.#pass(data, () => back.send(data, sfuPort, LOOPBACK));
    });
    back.on('message', (data) => {
      if (this.#browser) front.send(data, this.#browser.port, this.#browser.address);
    });
  }

  /** @param sfuPort Port of the SFU's transport on the loopback. */
  static async open(sfuPort: number, random: () => number = Math.random): Promise<RoughNetwork> {
    return new RoughNetwork(await boundSocket(), await boundSocket(), sfuPort, random);
  }

  /** The port that stands for the SFU's. */
  get port(): number {
    return this.#front.address().port;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#front.close();
    this.#back.close();
  }

  #pass(data: Uint8Array, send: () => void): void {
    const payloadType = mediaPayloadType(data);
    if (payloadType === null) {
      const ssrc = reportedSsrc(data);
      if (ssrc !== null) this.senderReports.set(ssrc, (this.senderReports.get(ssrc) ?? 0) + 1);
      send();
      return;
    }
    const { jitterMs, loss, delayMs } = this.roughness;
    if (this.#random() < loss) return;
    const waitMs = (delayMs.get(payloadType) ?? 0) + this.#random() * jitterMs;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      send();
    }, waitMs);
    this.#timers.add(timer);
  }
}

/** The payload type of an RTP packet; null for anything else that shares the port (RFC 7983, RFC 5761). */
function mediaPayloadType(data: Uint8Array): number | null {
  const [first = 0, second = 0] = data;
  if (first >> 6 !== 2) return null;
  const type = second & 0x7f;
  return type >= 64 && type <= 95 ? null : type;
}

const SENDER_REPORT = 200;

/** Whose sender report it is; SRTCP leaves the first header readable (RFC 3711). Null for anything else. */
function reportedSsrc(data: Uint8Array): number | null {
  if (data.byteLength < 8 || data[0]! >> 6 !== 2 || data[1] !== SENDER_REPORT) return null;
  return new DataView(data.buffer, data.byteOffset).getUint32(4);
}

async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, LOOPBACK);
  await once(socket, 'listening');
  return socket;
}
