import type { types } from 'mediasoup-client';
import { ask } from '../api/ask.ts';
import type { Source } from './Source.ts';
import { openTransport, restartIce, type TransportLink } from './openTransport.ts';

/** One layer with three frame rates: the analyzer takes the lowest and costs the sender nothing. */
const CAMERA_ENCODINGS: types.RtpEncodingParameters[] = [{ maxBitrate: 700_000, scalabilityMode: 'L1T3' }];

/** What this participant sends: at most one camera and one microphone. */
export class Sender {
  readonly #link: TransportLink;
  readonly #producers = new Map<Source, types.Producer>();
  #transport: Promise<types.Transport> | undefined;

  constructor(link: TransportLink) {
    this.#link = link;
  }

  async send(source: Source, track: MediaStreamTrack): Promise<void> {
    this.#transport ??= openTransport(this.#link, 'send');
    const transport = await this.#transport;
    const producer = await transport.produce({
      track,
      stopTracks: false,
      // Muting is done by the track itself, before the server is told.
      disableTrackOnPause: false,
      appData: { source },
      ...(source === 'camera' ? { encodings: CAMERA_ENCODINGS } : { codecOptions: { opusFec: true } }),
    });
    this.#producers.set(source, producer);
  }

  async setPaused(source: Source, paused: boolean): Promise<void> {
    const producer = this.#producers.get(source);
    if (!producer || producer.paused === paused) return;
    if (paused) producer.pause();
    else producer.resume();
    await ask(this.#link.socket, paused ? 'producer.pause' : 'producer.resume', { producerId: producer.id });
  }

  async stop(source: Source): Promise<void> {
    const producer = this.#producers.get(source);
    if (!producer) return;
    this.#producers.delete(source);
    producer.close();
    await ask(this.#link.socket, 'producer.close', { producerId: producer.id });
  }

  /** @throws RequestError when the server no longer knows the transport */
  async restartIce(): Promise<void> {
    const transport = await this.#transport;
    if (transport) await restartIce(this.#link.socket, transport);
  }

  close(): void {
    this.#producers.clear();
    void this.#transport?.then(
      (transport) => transport.close(),
      () => undefined,
    );
  }
}
