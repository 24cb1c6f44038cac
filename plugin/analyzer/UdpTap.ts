import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { mediaSsrcs } from './rtp/index.ts';

const LOOPBACK = '127.0.0.1';
/** Room for half a second of a busy router, so that a pause of this process loses nothing. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

export interface UdpTapEvents {
  /** A datagram of a known track. The bytes are the receiver's to keep. */
  datagram(trackId: string, data: Uint8Array<ArrayBuffer>, arrivalMs: number): void;
  error(error: Error): void;
}

/**
 * The socket on which one router's media comes in. It takes datagrams from that router's transport alone, so that
 * another process on this machine cannot speak for a participant, and tells tracks apart by SSRC (RFC 3550, RFC 5761).
 */
export class UdpTap {
  readonly #socket: Socket;
  readonly #events: UdpTapEvents;
  readonly #tracks = new Map<number, string>();
  #sourcePort: number | undefined;
  /** Datagrams from elsewhere, of unknown tracks, or too short. */
  refused = 0;

  private constructor(socket: Socket, events: UdpTapEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on('message', this.#receive);
    socket.on('error', (error) => events.error(error));
  }

  static open(events: UdpTapEvents): Promise<UdpTap> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: LOOPBACK, port: 0, exclusive: true }, () => {
        socket.off('error', reject);
        resolve(new UdpTap(socket, events));
      });
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Names the only port that is listened to. */
  setSource(port: number): void {
    this.#sourcePort = port;
  }

  addTrack(ssrc: number, trackId: string): void {
    this.#tracks.set(ssrc, trackId);
  }

  removeTrack(trackId: string): void {
    for (const [ssrc, id] of this.#tracks) if (id === trackId) this.#tracks.delete(ssrc);
  }

  close(): void {
    this.#socket.close();
  }

  #receive = (data: Buffer, { address, port }: RemoteInfo): void => {
    const arrivalMs = Date.now();
    let taken = false;
    if (port === this.#sourcePort && address === LOOPBACK) {
      // mediasoup puts the reports of all consumers of a transport into one RTCP packet: each track gets a copy, out of
      // the socket's pool, because the decoder thread takes the memory over.
      for (const ssrc of mediaSsrcs(data)) {
        const trackId = this.#tracks.get(ssrc);
        if (trackId === undefined) continue;
        taken = true;
        this.#events.datagram(trackId, new Uint8Array(data), arrivalMs);
      }
    }
    if (!taken) this.refused += 1;
  };
}
