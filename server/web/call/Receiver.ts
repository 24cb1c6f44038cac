import type { types } from 'mediasoup-client';
import { ask } from '../api/ask.ts';
import { openTransport, restartIce, type TransportLink } from './openTransport.ts';

interface Consumed {
  consumerId: string;
  producerId: string;
  kind: types.MediaKind;
  rtpParameters: types.RtpParameters;
  producerPaused?: boolean;
}

export interface Received {
  track: MediaStreamTrack;
  paused: boolean;
}

/** What this participant receives, by producer. */
export class Receiver {
  readonly #link: TransportLink;
  readonly #consumers = new Map<string, types.Consumer>();
  #transport: Promise<types.Transport> | undefined;

  constructor(link: TransportLink) {
    this.#link = link;
  }

  async consume(producerId: string, participantId: string): Promise<Received> {
    const { device, socket } = this.#link;
    this.#transport ??= openTransport(this.#link, 'recv');
    const transport = await this.#transport;
    const reply = await ask<Consumed>(socket, 'consume', {
      producerId,
      transportId: transport.id,
      rtpCapabilities: device.recvRtpCapabilities,
    });
    const { consumerId: id, kind, rtpParameters, producerPaused = false } = reply;
    // One stream a participant: the browser keeps lips and voice together.
    const consumer = await transport.consume({ id, producerId, kind, rtpParameters, streamId: participantId });
    this.#consumers.set(producerId, consumer);
    await ask(socket, 'consumer.resume', { consumerId: id });
    return { track: consumer.track, paused: producerPaused };
  }

  /** The producer is gone. */
  drop(producerId: string): void {
    this.#consumers.get(producerId)?.close();
    this.#consumers.delete(producerId);
  }

  /** @throws RequestError when the server no longer knows the transport */
  async restartIce(): Promise<void> {
    const transport = await this.#transport;
    if (transport) await restartIce(this.#link.socket, transport);
  }

  close(): void {
    this.#consumers.clear();
    void this.#transport?.then(
      (transport) => transport.close(),
      () => undefined,
    );
  }
}
