import type { Namespace } from 'socket.io';
import type { Logger } from '../../../plugin/UndertoneTypes.ts';
import type { Cluster } from '../../cluster/Cluster.ts';
import type { Room } from '../../sfu/Room.ts';
import type { Rooms } from '../../sfu/Rooms.ts';
import type { Revocation, Revocations } from '../access/Revocations.ts';
import { SharedRevocations } from '../access/SharedRevocations.ts';
import type { Differencing } from '../emotion/Differencing.ts';
import type { Shared } from '../emotion/Follower.ts';
import { audienceOf, wireName } from '../emotion/View.ts';
import { InOrder } from './InOrder.ts';
import { OwnedRooms } from './OwnedRooms.ts';
import type { Questions } from './questions.ts';
import { RemoteRooms } from './RemoteRooms.ts';
import { Sessions } from './Sessions.ts';
import { SharedAdapter } from './SharedAdapter.ts';

export interface GroupGatewayOptions {
  cluster: Cluster;
  recoveryMs: number;
  revocations: Revocations;
  /** Takes note of what another node took back; returns how many connections that ended here. */
  revokeHere: (revocation: Revocation) => number;
  log: Logger;
}

/** Something here that keeps data about participants. */
export interface Keeper {
  readonly name: string;
  erase(
    participantId: string,
    roomId?: string,
  ): Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;
  export?(participantId: string, roomId?: string): unknown;
}

function add(sum: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [what, count] of Object.entries(counts)) sum[what] = (sum[what] ?? 0) + count;
}

function about(participantId: string, roomId: string | undefined) {
  return { participantId, ...(roomId !== undefined && { roomId }) };
}

/** Type of an event in the Socket.IO protocol, version 5. */
const EVENT = 2;
/** A server that hears nothing from Redis by then starts without. */
const FIRST_WORD_MS = 3_000;

/** What the gateways of all nodes do together: `/emotion` is one namespace over all of them. */
export class GroupGateway {
  readonly remote: RemoteRooms;
  readonly #options: GroupGatewayOptions;
  readonly #inOrder: InOrder;
  readonly #sessions: Sessions;
  readonly #revocations: SharedRevocations;
  #adapter: SharedAdapter | undefined;
  #owned: OwnedRooms | undefined;

  constructor(options: GroupGatewayOptions) {
    this.#options = options;
    const { cluster, recoveryMs, revocations, revokeHere } = options;
    this.#inOrder = new InOrder((roomId, afterSeq, deliver) => this.#fetch(roomId, afterSeq, deliver));
    this.remote = new RemoteRooms({ cluster, inOrder: this.#inOrder });
    this.#sessions = new Sessions(cluster, recoveryMs);
    this.#revocations = new SharedRevocations(cluster.redis, cluster.options.prefix, revocations);
    cluster.link.on('revoke', (revocation: Questions['revoke']['question']) => ({ ended: revokeHere(revocation) }));
    cluster.on('up', () => void this.#exchangeRevocations());
    cluster.on('tick', () => void this.#exchangeRevocations());
  }

  /** The adapter of `/emotion`. */
  adapterFor(namespace: Namespace): SharedAdapter {
    const { cluster, recoveryMs, log } = this.#options;
    this.#adapter = new SharedAdapter(namespace, {
      cluster,
      sessions: this.#sessions,
      inOrder: this.#inOrder,
      recoveryMs,
      log,
    });
    return this.#adapter;
  }

  open(
    namespace: Namespace,
    owned: { rooms: Rooms; differencing: (room: Room) => Differencing; shared: Shared },
  ): void {
    this.#owned = new OwnedRooms({ cluster: this.#options.cluster, namespace, ...owned });
  }

  /** Resolves when this node hears the others, or starts without. */
  async ready(): Promise<void> {
    const { cluster, log } = this.#options;
    if (!cluster.up || !this.#adapter) return;
    await this.#exchangeRevocations();
    if (!(await this.#adapter.ready(FIRST_WORD_MS))) log.error({}, 'redis does not give back what is written to it');
  }

  /** Takes tokens back at all other nodes; returns how many connections that ended there. */
  async revokeElsewhere(revocation: Revocation): Promise<number> {
    // Without Redis they hear of it when it is back.
    void this.#exchangeRevocations();
    try {
      const answers = await this.#options.cluster.link.askAll<Questions['revoke']['answer']>('revoke', revocation);
      return answers.reduce((sum, { ended }) => sum + ended, 0);
    } catch {
      return 0;
    }
  }

  /** Erases and exports what this server keeps when another one is asked for it. */
  answerFor(keepers: readonly Keeper[]): void {
    const { link } = this.#options.cluster;
    link.on('erase', async ({ participantId, roomId }: Questions['erase']['question']) => {
      const counts: Record<string, number> = {};
      for (const keeper of keepers) add(counts, await keeper.erase(participantId, roomId));
      return { counts };
    });
    link.on('export', async ({ participantId, roomId }: Questions['export']['question']) => {
      const kept: Record<string, unknown> = {};
      for (const { name, export: read } of keepers) {
        const found: unknown = await read?.(participantId, roomId);
        if (found !== undefined) kept[name] = found;
      }
      return { kept };
    });
  }

  /**
   * Removes what other nodes keep of a participant.
   * @throws RequestError `unavailable`, or Redis's error, when not all could be reached
   */
  async erase(participantId: string, roomId?: string): Promise<Record<string, number>> {
    const { link } = this.#options.cluster;
    const answers = await link.askEach<Questions['erase']['answer']>('erase', about(participantId, roomId));
    const counts: Record<string, number> = {};
    for (const answer of answers) add(counts, answer.counts);
    return counts;
  }

  /** Removes what lies in Redis of a participant. @throws Redis's error */
  async eraseBetween(participantId: string, roomId?: string): Promise<Record<string, number>> {
    const streamEntries = await this.#options.cluster.kept.erase(participantId, roomId);
    return { streamEntries, sessions: await this.#sessions.erase(participantId, roomId) };
  }

  /** Of whom something lies in Redis. @throws Redis's error */
  async participantsBetween(): Promise<string[]> {
    return [...(await this.#options.cluster.kept.participants()), ...(await this.#sessions.participants())];
  }

  /** What other nodes keep of a participant; undefined for nothing. @throws RequestError `unavailable` unless all say */
  async export(participantId: string, roomId?: string): Promise<unknown> {
    const { link } = this.#options.cluster;
    const answers = await link.askEach<Questions['export']['answer']>('export', about(participantId, roomId));
    const found = answers.map(({ kept }) => kept).filter((kept) => Object.keys(kept).length > 0);
    return found.length > 0 ? found : undefined;
  }

  /** For metrics. */
  get counts() {
    return {
      up: this.#options.cluster.up,
      unsent: this.#adapter?.unsent ?? 0,
      followersElsewhere: this.#owned?.followers ?? 0,
      clientsOfOthers: this.remote.clients,
    };
  }

  close(): void {
    this.#adapter?.close();
  }

  async #exchangeRevocations(): Promise<void> {
    try {
      for (const revocation of await this.#revocations.exchange()) this.#options.revokeHere(revocation);
    } catch {
      // Tried again with the next tick.
    }
  }

  async #fetch(roomId: string, afterSeq: number, deliver: (seq: number, give: () => void) => void) {
    const missed = await this.remote.since(roomId, afterSeq);
    for (const event of missed?.events ?? []) {
      const opts = { rooms: new Set(audienceOf(event)), except: new Set<string>() };
      const packet = { type: EVENT, data: [wireName(event), event] as [string, ...unknown[]] };
      deliver(event.seq, () => this.#adapter?.deliver(packet, opts));
    }
    return missed?.seq;
  }
}
