import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Server, type Namespace } from 'socket.io';
import type { Logger, Undertone } from '../../plugin/UndertoneTypes.ts';
import type { Config } from '../config/schema.ts';
import type { Replays } from '../replay/Replays.ts';
import type { Cluster } from '../cluster/Cluster.ts';
import type { Rooms } from '../sfu/Rooms.ts';
import { AddressLimit } from './access/AddressLimit.ts';
import { allowsOrigin } from './access/allowsOrigin.ts';
import { admit } from './access/admit.ts';
import type { AccessOptions, Admission } from './access/authenticate.ts';
import type { Claims } from './access/claims.ts';
import type { Revocation, Revoked } from './access/Revocations.ts';
import type { Tokens } from './access/Tokens.ts';
import { CallNamespace } from './CallNamespace.ts';
import { GroupGateway } from './cluster/GroupGateway.ts';
import { ConsentAwareAdapter } from './ConsentAwareAdapter.ts';
import { serveEmotion } from './emotionNamespace.ts';
import { endSession } from './endSession.ts';
import type { Notice } from './notice.ts';
import type { ClientSocket } from './serve.ts';

export interface GatewayOptions {
  config: Pick<Config, 'limits' | 'rtc' | 'visibility' | 'cors' | 'trustProxy'>;
  rooms: Rooms;
  undertone: Undertone;
  tokens: Tokens;
  notice: Notice;
  /** Undefined where there are no past meetings. */
  replays?: Replays;
  /** Missing for a server that stands alone. */
  cluster?: Cluster | undefined;
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
  readonly #tokens: Tokens;
  readonly #rooms: Rooms;
  /** Missing for a server that stands alone. */
  readonly group: GroupGateway | undefined;

  constructor(httpServer: HttpServer, options: GatewayOptions) {
    const { config, tokens, rooms, undertone, notice, cluster, log } = options;
    const { trustProxy, visibility } = config;
    const { origins } = config.cors;
    const addresses = new AddressLimit(config.limits.connectionsPerAddress, trustProxy);
    this.#tokens = tokens;
    this.#rooms = rooms;
    const group =
      cluster &&
      new GroupGateway({
        cluster,
        recoveryMs: RECOVERY_MS,
        revocations: tokens.revocations,
        revokeHere: (revocation) => this.#revokeHere(revocation),
        log,
      });
    this.group = group;
    this.#io = new Server(httpServer, {
      serveClient: false,
      maxHttpBufferSize: config.limits.payloadBytes,
      connectionStateRecovery: { maxDisconnectionDuration: RECOVERY_MS, skipMiddlewares: false },
      // A call is on one server; its events may be followed at any.
      adapter: group
        ? function (namespace: Namespace) {
            return namespace.name === '/emotion' ? group.adapterFor(namespace) : new ConsentAwareAdapter(namespace);
          }
        : ConsentAwareAdapter,
      // Connections without a namespace are of no use to anybody.
      connectTimeout: 5_000,
      ...(origins.length > 0 && { cors: { origin: origins.includes('*') ? '*' : [...origins] } }),
      allowRequest: (request, decide) => {
        const refused = allowsOrigin(request, { origins, trustProxy })
          ? addresses.admits(request)
            ? undefined
            : 'too many connections from this address'
          : 'this origin is not allowed; see the setting cors.origins';
        decide(refused, refused === undefined);
      },
    });
    addresses.follow(this.#io);
    // Nobody speaks on the default namespace.
    this.#io.of('/').use((_socket, next) => next(new Error('use the namespace /call or /emotion')));
    const access: AccessOptions = {
      tokens,
      admit: (claims, mayOpen) => this.#admit(claims, mayOpen),
      visibility,
      connections: addresses,
    };
    new CallNamespace(this.#io.of('/call'), options, access);
    const shared = { undertone, notice, log, revoke: (revoked: Revoked) => this.revoke(revoked) };
    serveEmotion(this.#io.of('/emotion'), options, access, shared, group);
  }

  /** Open connections. */
  get clients(): number {
    return this.#io.engine.clientsCount;
  }

  /** Takes tokens back and ends what they opened; what is here before this returns. Resolves with how many connections that were. */
  async revoke(revoked: Revoked): Promise<number> {
    const revocation = { revoked, atMs: Date.now() };
    const here = this.#revokeHere(revocation);
    return here + ((await this.group?.revokeElsewhere(revocation)) ?? 0);
  }

  async #admit(claims: Claims, mayOpen: boolean): Promise<Admission> {
    // Only who takes part in a call may open one.
    if (!this.#rooms.get(claims.roomId)) {
      const elsewhere = await this.group?.remote.admit(claims, mayOpen);
      if (elsewhere) return elsewhere;
    }
    const { participant } = await admit(claims, this.#rooms, mayOpen);
    return { viewer: participant?.role === 'viewer' };
  }

  #revokeHere({ revoked, atMs }: Revocation): number {
    const { revocations } = this.#tokens;
    revocations.add(revoked, atMs);
    let ended = 0;
    for (const name of NAMESPACES) {
      for (const socket of [...this.#io.of(name).sockets.values()] as ClientSocket[]) {
        if (!revocations.has(socket.data.claims)) continue;
        endSession(socket, 'token-revoked');
        ended += 1;
      }
    }
    return ended;
  }

  /** Forgets what waits for clients that broke off and is about a participant; returns how many packets that were. */
  forget(participantId: string, roomId?: string): number {
    const adapters = NAMESPACES.map((name) => this.#io.of(name).adapter);
    return adapters
      .filter((adapter) => adapter instanceof ConsentAwareAdapter)
      .reduce((sum, adapter) => sum + adapter.forget(participantId, roomId), 0);
  }

  /** Ends all connections once they have been told what is on its way; the HTTP server is left to its owner. */
  async close(): Promise<void> {
    const sockets = NAMESPACES.flatMap((name) => [...this.#io.of(name).sockets.values()]);
    const closed = Promise.all([...new Set(sockets.map(({ conn }) => conn))].map((conn) => once(conn, 'close')));
    for (const socket of sockets) socket.disconnect(true);
    await Promise.race([closed, delay(FLUSH_MS, undefined, { ref: false })]);
    this.group?.close();
    this.#io.engine.close();
  }
}
