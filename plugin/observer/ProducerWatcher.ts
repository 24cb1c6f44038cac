import type { types as mediasoup } from 'mediasoup';

/**
 * Finds the producers of a router as they are made. mediasoup tells of new transports only, so those from before the
 * watcher have to be added by hand.
 */
export class ProducerWatcher {
  readonly #router: mediasoup.Router;
  readonly #found: (producer: mediasoup.Producer) => void;
  readonly #transports = new Map<mediasoup.Transport, (producer: mediasoup.Producer) => void>();

  constructor(router: mediasoup.Router, found: (producer: mediasoup.Producer) => void) {
    this.#router = router;
    this.#found = found;
    router.observer.on('newtransport', this.#onTransport);
  }

  close(): void {
    this.#router.observer.off('newtransport', this.#onTransport);
    for (const [transport, listener] of this.#transports) transport.observer.off('newproducer', listener);
    this.#transports.clear();
  }

  #onTransport = (transport: mediasoup.Transport): void => {
    // Our own taps only consume.
    if (transport.appData['undertone'] === true) return;
    const listener = (producer: mediasoup.Producer) => this.#found(producer);
    this.#transports.set(transport, listener);
    transport.observer.on('newproducer', listener);
    transport.observer.once('close', () => this.#transports.delete(transport));
  };
}
