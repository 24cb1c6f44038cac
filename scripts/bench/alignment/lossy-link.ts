import { seededRandom } from '../../random.ts';

export interface LinkOptions {
  /** Share of the packets that is lost, 0 to 1. */
  loss: number;
  /** Packets are under way for up to twice this, evenly spread, so that they overtake each other (as netem does it). */
  jitterMs: number;
  seed: number;
}

/** A bad network between a sender and the SFU, the same in every run. */
export class LossyLink {
  readonly #options: LinkOptions;
  readonly #random: () => number;
  readonly #deliver: (datagram: Buffer) => void;
  readonly #underWay = new Set<NodeJS.Timeout>();
  lost = 0;
  sent = 0;

  constructor(options: LinkOptions, deliver: (datagram: Buffer) => void) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#deliver = deliver;
  }

  send(datagram: Buffer): void {
    this.sent += 1;
    const isLost = this.#random() < this.#options.loss;
    const delayMs = this.#random() * 2 * this.#options.jitterMs;
    if (isLost) {
      this.lost += 1;
    } else if (delayMs === 0) {
      this.#deliver(datagram);
    } else {
      const timer = setTimeout(() => {
        this.#underWay.delete(timer);
        this.#deliver(datagram);
      }, delayMs);
      this.#underWay.add(timer);
    }
  }

  close(): void {
    for (const timer of this.#underWay) clearTimeout(timer);
  }
}
