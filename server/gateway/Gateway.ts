import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Server } from 'socket.io';
import type { Logger, Undertone } from '../../plugin/UndertoneTypes.ts';
import type { Config } from '../config/schema.ts';
import type { Rooms } from '../sfu/Rooms.ts';
import { CallNamespace } from './CallNamespace.ts';
import { ConsentAwareAdapter } from './ConsentAwareAdapter.ts';
import { serveEmotion } from './emotionNamespace.ts';
import type { Notice } from './notice.ts';
import type { Tokens } from './Tokens.ts';

export interface GatewayOptions {
  config: Pick<Config, 'limits' | 'rtc'>;
  rooms: Rooms;
  undertone: Undertone;
  tokens: Tokens;
  notice: Notice;
  log: Logger;
}

/** How long a client may be away and have what it missed. */
const RECOVERY_MS = 2 * 60_000;

/** A client that does not read its last words by then is cut off. */
const FLUSH_MS = 500;
const NAMESPACES = ['/call', '/emotion'] as const;

/** Socket.IO: `/call` for signalling, `/emotion` for events. */
export class Gateway {
  readonly #io: Server;

  constructor(httpServer: HttpServer, options: GatewayOptions) {
    this.#io = new Server(httpServer, {
      serveClient: false,
      maxHttpBufferSize: options.config.limits.payloadBytes,
      connectionStateRecovery: { maxDisconnectionDuration: RECOVERY_MS, skipMiddlewares: false },
      adapter: ConsentAwareAdapter,
      // Connections without a namespace are of no use to anybody.
      connectTimeout: 5_000,
    });
    // Nobody speaks on the default namespace.
    this.#io.of('/').use((_socket, next) => next(new Error('use the namespace /call or /emotion')));
    new CallNamespace(this.#io.of('/call'), options);
    serveEmotion(this.#io.of('/emotion'), options);
  }

  /** Open connections. */
  get clients(): number {
    return this.#io.engine.clientsCount;
  }

  /** Ends all connections once they have been told what is on its way; the HTTP server is left to its owner. */
  async close(): Promise<void> {
    const sockets = NAMESPACES.flatMap((name) => [...this.#io.of(name).sockets.values()]);
    const closed = Promise.all([...new Set(sockets.map(({ conn }) => conn))].map((conn) => once(conn, 'close')));
    for (const socket of sockets) socket.disconnect(true);
    await Promise.race([closed, delay(FLUSH_MS, undefined, { ref: false })]);
    this.#io.engine.close();
  }
}
