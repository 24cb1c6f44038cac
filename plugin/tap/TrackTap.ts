import type { types as mediasoup } from 'mediasoup';
import type { AnalyzerLink } from '../analyzer/AnalyzerLink.ts';
import { codecOf } from './codecs.ts';
import { nextLayers, type Layers } from './layers.ts';

export interface TrackTapEvents {
  /** The producer was paused or resumed by its owner. */
  muted(muted: boolean): void;
  /** The tap is gone, for whatever reason. */
  closed(): void;
}

export interface TrackTapOptions {
  transport: mediasoup.PlainTransport;
  capabilities: mediasoup.RtpCapabilities;
  link: AnalyzerLink;
  tapId: string;
  roomId: string;
  producer: mediasoup.Producer;
  participantId: string;
  events: TrackTapEvents;
}

/** One consumer that feeds the analyzer. It starts paused and is resumed once the analyzer knows the track. */
export class TrackTap {
  readonly trackId: string;
  readonly kind: mediasoup.MediaKind;
  readonly #consumer: mediasoup.Consumer;
  readonly #link: AnalyzerLink;
  readonly #events: TrackTapEvents;
  #layers: Layers = { spatialLayer: 0, temporalLayer: 0 };
  #closed = false;

  private constructor(consumer: mediasoup.Consumer, { link, events }: TrackTapOptions) {
    this.trackId = consumer.id;
    this.kind = consumer.kind;
    this.#consumer = consumer;
    this.#link = link;
    this.#events = events;
  }

  /** @throws Error when the router cannot give this producer in a codec that the analyzer reads */
  static async open(options: TrackTapOptions): Promise<TrackTap> {
    const { transport, capabilities, link, producer, participantId, tapId, roomId } = options;
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities: capabilities,
      paused: true,
      enableRtx: false,
      ignoreDtx: false,
      appData: { undertone: true },
    });
    const tap = new TrackTap(consumer, options);
    try {
      const codec = consumer.rtpParameters.codecs[0]!;
      const name = codecOf(codec.mimeType);
      const ssrc = consumer.rtpParameters.encodings?.[0]?.ssrc;
      if (name === undefined || ssrc === undefined) throw new Error(`cannot tap ${codec.mimeType}`);
      tap.#watch();
      if (consumer.kind === 'video' && consumer.type !== 'simple') await consumer.setPreferredLayers(tap.#layers);
      link.send({
        type: 'track.add',
        track: {
          trackId: tap.trackId,
          tapId,
          roomId,
          participantId,
          kind: consumer.kind,
          codec: name,
          payloadType: codec.payloadType,
          clockRate: codec.clockRate,
          ssrc,
        },
      });
      await consumer.resume();
    } catch (error) {
      tap.close();
      throw error;
    }
    return tap;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether media flows: the producer is not paused. */
  get muted(): boolean {
    return this.#consumer.producerPaused;
  }

  async requestKeyFrame(): Promise<void> {
    if (!this.#closed) await this.#consumer.requestKeyFrame();
  }

  /** Goes to the lowest simulcast layer in which the face is large enough. */
  async faceSize(px: number): Promise<void> {
    if (this.#closed || this.#consumer.type === 'simple') return;
    const highest = this.#consumer.rtpParameters.encodings?.[0]?.scalabilityMode?.match(/^[LS](\d)/)?.[1] ?? '1';
    const next = nextLayers(this.#layers.spatialLayer, Number(highest) - 1, px);
    if (next.spatialLayer === this.#layers.spatialLayer) return;
    this.#layers = next;
    await this.#consumer.setPreferredLayers(next);
  }

  /** Closing is at once: no packet is forwarded after this returns to the SFU. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#consumer.close();
    this.#link.send({ type: 'track.remove', trackId: this.trackId });
    this.#events.closed();
  }

  #watch(): void {
    const consumer = this.#consumer;
    consumer.on('producerpause', () => {
      this.#link.send({ type: 'track.pause', trackId: this.trackId });
      this.#events.muted(true);
    });
    consumer.on('producerresume', () => {
      this.#link.send({ type: 'track.resume', trackId: this.trackId });
      this.#events.muted(false);
    });
    consumer.on('producerclose', () => this.close());
    consumer.on('transportclose', () => this.close());
  }
}
