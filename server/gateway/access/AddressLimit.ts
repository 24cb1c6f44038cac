import type { IncomingMessage } from 'node:http';
import type { Server as Engine } from 'socket.io';

/** Connections beyond the limit that are let in only to be told so; further ones are refused without a word. */
const MARGIN = 8;

/** Connection of Engine.IO: one line, whatever namespaces go over it. */
interface Connection {
  request: IncomingMessage;
  once(event: 'close', listener: () => void): unknown;
}

/** Bounds how many connections one address holds. Addresses are kept in memory only, and only while they count. */
export class AddressLimit {
  readonly #limit: number;
  readonly #trustProxy: boolean;
  readonly #open = new Map<string, number>();
  /** Told apart from those that came before the limit was reached. */
  readonly #over = new WeakSet<IncomingMessage>();

  constructor(limit: number, trustProxy: boolean) {
    this.#limit = limit;
    this.#trustProxy = trustProxy;
  }

  /** Whether another connection from this address is let in at all. */
  admits(request: IncomingMessage): boolean {
    return (this.#open.get(addressOf(request, this.#trustProxy)) ?? 0) < this.#limit + MARGIN;
  }

  /** Counts the connections of a server from now on. */
  follow(io: Engine): void {
    io.engine.on('connection', (connection: Connection) => this.#count(connection));
  }

  /** Whether a connection that was let in is within the limit. */
  covers(request: IncomingMessage): boolean {
    return !this.#over.has(request);
  }

  #count(connection: Connection): void {
    const { request } = connection;
    const address = addressOf(request, this.#trustProxy);
    const count = (this.#open.get(address) ?? 0) + 1;
    this.#open.set(address, count);
    if (count > this.#limit) this.#over.add(request);
    connection.once('close', () => {
      const left = (this.#open.get(address) ?? 1) - 1;
      if (left > 0) this.#open.set(address, left);
      else this.#open.delete(address);
    });
  }
}

/** As the HTTP server has it: behind a proxy of the operator's own, the first that the proxy names. */
export function addressOf({ headers, socket }: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? headers['x-forwarded-for'] : undefined;
  const first = (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(',')[0]?.trim();
  return first || socket.remoteAddress || 'unknown';
}
