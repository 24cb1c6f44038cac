import { io, type Socket } from 'socket.io-client';
import { CONTRACT_VERSION } from '../plugin/events/contract/v1/version.ts';
import { explainRefusal } from './checkContract.ts';
import { ClientError, RETRYABLE_CODES } from './ClientError.ts';
import type { LineOptions } from './ClientOptions.ts';

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 30_000;
/** A connection that held this long was a good one: the next try is the first again. */
const GOOD_MS = 10_000;

/** A socket of the app's own, or where to open one; `past`: for past meetings alone. */
export type ConnectionOptions =
  { socket: Socket; url?: never; token?: never } | (AnyLine & { socket?: never; past?: boolean });

/** Without a token only what anybody may see is there. */
type AnyLine = Omit<LineOptions, 'token'> & { token?: LineOptions['token'] | undefined };

export interface ConnectionListeners {
  up: () => void;
  /** The line is down; it is tried again. */
  down: (problem: ClientError) => void;
  /** There will be no other try. */
  ended: (problem: ClientError) => void;
  received: (name: string, payload: unknown) => void;
}

/**
 * A Socket.IO connection that comes back: after a broken line by Socket.IO itself, after a refusal that may pass, an
 * expired token that can be renewed, or a goodbye of the server by another try.
 */
export class Connection {
  readonly socket: Socket;
  readonly #listeners: ConnectionListeners;
  readonly #renewable: boolean;
  #tokenError: unknown;
  /** What the server said before it ended the connection. */
  #farewell: unknown;
  #tries = 0;
  #upAtMs = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: ConnectionOptions, listeners: ConnectionListeners) {
    this.#listeners = listeners;
    this.#renewable = typeof options.token === 'function';
    this.socket = options.socket ?? this.#open(options);
    this.socket.on('connect', this.#connected);
    this.socket.on('disconnect', this.#disconnected);
    this.socket.on('connect_error', this.#refused);
    this.socket.on('session.ended', this.#told);
    this.socket.onAny(listeners.received);
  }

  start(): void {
    if (this.socket.connected) this.#connected();
    else if (!this.socket.active) this.socket.connect();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    this.socket.off('connect', this.#connected);
    this.socket.off('disconnect', this.#disconnected);
    this.socket.off('connect_error', this.#refused);
    this.socket.off('session.ended', this.#told);
    this.socket.offAny(this.#listeners.received);
    this.socket.disconnect();
  }

  /** What a refusal means for the connection: another try, or the end. */
  handle(problem: ClientError, retryable = RETRYABLE_CODES.has(problem.code)): void {
    if (this.#closed) return;
    const renew = problem.code === 'token-expired' && this.#renewable;
    if (!renew && !retryable) {
      this.close();
      this.#listeners.ended(problem);
      return;
    }
    this.#listeners.down(problem);
    this.#retryLater();
  }

  #open({ url, token, socketOptions, past }: AnyLine & { past?: boolean }): Socket {
    const page = (globalThis as { location?: { origin?: string } }).location?.origin;
    const base = url ?? page ?? '';
    if (!/^(https?|wss?):\/\//.test(base)) {
      throw new TypeError('url: the address of the server is needed, such as http://127.0.0.1:3000');
    }
    return io(`${base.replace(/\/+$/, '')}/emotion`, {
      reconnectionDelay: FIRST_RETRY_MS,
      reconnectionDelayMax: MAX_RETRY_MS,
      ...socketOptions,
      autoConnect: false,
      // A connection of its own: two clients may have two tokens.
      forceNew: true,
      auth: (done) => {
        this.#tokenError = undefined;
        const about = { contract: CONTRACT_VERSION, ...(past && { past }) };
        const told = (value: unknown) => done({ ...about, token: value });
        if (past && token === undefined) {
          done({ ...about, anonymous: true });
          return;
        }
        Promise.resolve()
          .then(() => (typeof token === 'function' ? token() : token))
          .then(told, (error: unknown) => {
            // Asked without one, the server refuses; that is where the reason is told.
            this.#tokenError = error;
            told(undefined);
          });
      },
    });
  }

  readonly #connected = (): void => {
    this.#upAtMs = Date.now();
    this.#farewell = undefined;
    this.#listeners.up();
  };

  readonly #told = (farewell: unknown): void => {
    this.#farewell = farewell ?? {};
  };

  readonly #disconnected = (reason: string): void => {
    if (Date.now() - this.#upAtMs > GOOD_MS) this.#tries = 0;
    if (this.#farewell !== undefined && !this.socket.active) {
      const { retryable } = this.#farewell as { retryable?: unknown };
      const problem = ClientError.from(this.#farewell);
      // A code of a later server says itself whether it is worth another try.
      this.handle(problem, retryable === true || RETRYABLE_CODES.has(problem.code));
      return;
    }
    const problem = new ClientError('unreachable', `The connection was lost (${reason}).`);
    this.#listeners.down(problem);
    // Socket.IO does not come back by itself when it was sent away; asking again tells whether that was for good.
    if (!this.socket.active) this.#retryLater();
  };

  readonly #refused = (error: Error & { data?: unknown }): void => {
    if (this.socket.active) {
      this.#listeners.down(new ClientError('unreachable', `The server cannot be reached (${error.message}).`));
      return;
    }
    const cause = this.#tokenError;
    if (cause !== undefined) {
      const why = cause instanceof Error ? `: ${cause.message}` : '.';
      this.handle(new ClientError('no-token', `The token could not be had${why}`));
      return;
    }
    this.handle(explainRefusal(ClientError.from(error.data ?? { code: 'unreachable', message: error.message })));
  };

  #retryLater(): void {
    clearTimeout(this.#retry);
    const base = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#tries);
    this.#tries += 1;
    // Clients that were sent away together do not come back together.
    this.#retry = setTimeout(
      () => {
        if (this.socket.connected) this.#listeners.up();
        else this.socket.connect();
      },
      base * (0.5 + Math.random() / 2),
    );
  }
}
