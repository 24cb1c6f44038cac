import { randomUUID } from 'node:crypto';
import type { types as mediasoup } from 'mediasoup';
import type { AnalyzerLink } from '../analyzer/AnalyzerLink.ts';
import { tapCapabilities } from './codecs.ts';
import { TrackTap, type TrackTapEvents } from './TrackTap.ts';

const LOOPBACK = '127.0.0.1';

/** Marks what belongs to the plugin, so that it never taps itself. */
export const OWN = Object.freeze({ undertone: true });

/** The way of a router's media to one analyzer: a PlainTransport on the loopback, with a consumer per tapped track. */
export class RouterTap {
  readonly id: string;
  readonly #transport: mediasoup.PlainTransport;
  readonly #capabilities: mediasoup.RtpCapabilities;
  readonly #link: AnalyzerLink;
  readonly #roomId: string;
  readonly #tracks = new Map<string, TrackTap>();

  private constructor(
    id: string,
    roomId: string,
    transport: mediasoup.PlainTransport,
    router: mediasoup.Router,
    link: AnalyzerLink,
  ) {
    this.id = id;
    this.#roomId = roomId;
    this.#transport = transport;
    this.#capabilities = tapCapabilities(router.rtpCapabilities);
    this.#link = link;
  }

  static async open(router: mediasoup.Router, roomId: string, link: AnalyzerLink): Promise<RouterTap> {
    const id = randomUUID();
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: LOOPBACK },
      rtcpMux: true,
      comedia: false,
      appData: { ...OWN },
    });
    try {
      const port = (await link.request({ type: 'tap.open', tapId: id, roomId })) as number;
      await transport.connect({ ip: LOOPBACK, port });
      link.send({ type: 'tap.source', tapId: id, port: transport.tuple.localPort });
    } catch (error) {
      transport.close();
      throw error;
    }
    return new RouterTap(id, roomId, transport, router, link);
  }

  /** Starts to tap a producer. The caller has checked consent; it checks again when this resolves. */
  async tap(producer: mediasoup.Producer, participantId: string, events: TrackTapEvents): Promise<TrackTap> {
    const track = await TrackTap.open({
      transport: this.#transport,
      capabilities: this.#capabilities,
      link: this.#link,
      tapId: this.id,
      roomId: this.#roomId,
      producer,
      participantId,
      events: {
        ...events,
        closed: () => {
          this.#tracks.delete(track.trackId);
          events.closed();
        },
      },
    });
    this.#tracks.set(track.trackId, track);
    return track;
  }

  track(trackId: string): TrackTap | undefined {
    return this.#tracks.get(trackId);
  }

  close(): void {
    for (const track of [...this.#tracks.values()]) track.close();
    this.#link.send({ type: 'tap.close', tapId: this.id });
    this.#transport.close();
  }
}
