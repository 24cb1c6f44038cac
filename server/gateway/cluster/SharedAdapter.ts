import type { Namespace } from 'socket.io';
import { Adapter, MessageType, type BroadcastOptions, type Session } from 'socket.io-adapter';
import type { Logger } from '../../../plugin/UndertoneTypes.ts';
import type { Cluster } from '../../cluster/Cluster.ts';
import { ConsentAwareAdapter, retractedBy, type EventPacket } from '../ConsentAwareAdapter.ts';
import { connections } from '../rooms.ts';
import type { InOrder } from './InOrder.ts';
import { Recent } from './Recent.ts';
import type { Sessions } from './Sessions.ts';
import { openWire, type ClusterMessage, type Wire } from './wire.ts';

/** As options go over the wire. */
interface SentOptions {
  rooms: string[];
  except: string[];
  flags?: BroadcastOptions['flags'];
}

const sent = ({ rooms, except, flags }: BroadcastOptions): SentOptions => ({
  rooms: [...rooms],
  except: [...(except ?? [])],
  ...(flags && { flags }),
});
const received = ({ rooms, except, flags }: SentOptions): BroadcastOptions => ({
  rooms: new Set(rooms),
  except: new Set(except),
  ...(flags && { flags }),
});

/** The event in a packet. */
interface Carried {
  roomId?: string;
  seq?: number;
  utteranceId?: string;
  type?: string;
}

export interface SharedAdapterOptions {
  cluster: Cluster;
  sessions: Sessions;
  inOrder: InOrder;
  /** How long a client may be away and have what it missed. */
  recoveryMs: number;
  log: Logger;
}

/**
 * Sends to clients of all nodes. Durable events go by the Redis stream, in the order of their numbers; interim results by a
 * channel, which keeps nothing. The number of an event is also the place that a client recovers from, the same on each node.
 * A node's own clients are served at once, with Redis or without.
 */
export class SharedAdapter extends ConsentAwareAdapter {
  readonly #options: SharedAdapterOptions;
  readonly #wire: Wire;
  readonly #name: string;
  /** Utterances that are over: an interim result that comes late is none any more. */
  readonly #over = new Recent(10_000);
  /** Until when packets of a room are kept for clients that are away. */
  readonly #leftMs = new Map<string, number>();
  readonly #hello: NodeJS.Timeout;
  #heard: (() => void) | undefined;
  /** Events that could not be sent to other nodes; these fetch them later. */
  unsent = 0;

  constructor(namespace: Namespace, options: SharedAdapterOptions) {
    super(namespace);
    this.#options = options;
    this.#name = namespace.name;
    this.#wire = openWire(options.cluster, namespace);
    this.#wire.onMessage = (message) => this.#receive(message);
    this.on('delete-room', (name: string) => this.#leftMs.set(name, Date.now() + options.recoveryMs));
    // A reader that never read anything would begin anew at the end of the stream with each look.
    this.#hello = setInterval(() => void this.#publish({ type: MessageType.HEARTBEAT }), 2_000).unref();
  }

  /** Resolves when this node hears what is sent, or the time is up. */
  async ready(timeoutMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#heard = () => resolve(true);
    const say = setInterval(() => void this.#publish({ type: MessageType.HEARTBEAT }), 50);
    const late = setTimeout(() => resolve(false), timeoutMs);
    try {
      return await promise;
    } finally {
      clearInterval(say);
      clearTimeout(late);
    }
  }

  override broadcast(packet: EventPacket, opts: BroadcastOptions): void {
    if (!opts.flags?.local) {
      const data = { packet, opts: sent(opts) };
      const message = opts.flags?.volatile
        ? { type: MessageType.SERVER_SIDE_EMIT, data: { packet: [data] } }
        : { type: MessageType.BROADCAST, data };
      void this.#publish(message);
    }
    const retracted = retractedBy(packet);
    this.deliver(packet, opts);
    if (retracted.length > 0) this.#purge(retracted);
  }

  /** Sends to the clients of this node. */
  deliver(packet: EventPacket, opts: BroadcastOptions): void {
    const event = packet.data?.[1] as Carried | undefined;
    const retracted = retractedBy(packet);
    for (const id of retracted) this.#over.add(id);
    if (event?.type === 'emotion.final' && event.utteranceId !== undefined) this.#over.add(event.utteranceId);
    if (packet.data && event?.seq !== undefined && event.roomId !== undefined && this.#isFollowed(event.roomId)) {
      const id = `${event.roomId}.${event.seq}`;
      packet.data.push(id);
      this.keep(id, packet.data, opts);
    }
    // Past the in-memory adapter, which would number packets in a way of its own.
    Adapter.prototype.broadcast.call(this, packet, opts);
    this.forgetRetracted(retracted);
  }

  override addSockets(opts: BroadcastOptions, rooms: string[]): void {
    void this.#publish({ type: MessageType.SOCKETS_JOIN, data: { opts: sent(opts), rooms } });
    super.addSockets(opts, rooms);
  }

  override delSockets(opts: BroadcastOptions, rooms: string[]): void {
    void this.#publish({ type: MessageType.SOCKETS_LEAVE, data: { opts: sent(opts), rooms } });
    super.delSockets(opts, rooms);
  }

  override disconnectSockets(opts: BroadcastOptions, close: boolean): void {
    void this.#publish({ type: MessageType.DISCONNECT_SOCKETS, data: { opts: sent(opts), close } });
    super.disconnectSockets(opts, close);
  }

  override persistSession(session: Omit<Session, 'missedPackets'> & { missedPackets: unknown[][] }): void {
    super.persistSession(session);
    this.#options.sessions.keep(session);
  }

  override close(): void {
    clearInterval(this.#hello);
    this.#wire.close();
  }

  protected override async findSession(pid: string, offset: string): Promise<Session | null> {
    const [shared, own] = await Promise.all([this.#options.sessions.take(pid), super.findSession(pid, offset)]);
    // What this node has not followed from there on, it cannot give.
    return this.knows(offset) ? (shared ?? own) : null;
  }

  #receive(message: ClusterMessage): void {
    try {
      if (message.uid === this.#wire.uid) this.#heard?.();
      else if (message.nsp === this.#name) this.#take(message);
    } catch (error) {
      // The reader would ask for the same message again and again.
      this.#options.log.error({ err: error as Error }, 'message of another node');
    }
  }

  #take({ type, data }: ClusterMessage): void {
    if (type === (MessageType.HEARTBEAT as number)) return;
    if (type === (MessageType.SERVER_SIDE_EMIT as number)) {
      const [inner] = (data as { packet: [{ packet: EventPacket; opts: SentOptions }] }).packet;
      const id = (inner.packet.data?.[1] as Carried | undefined)?.utteranceId;
      if (id === undefined || !this.#over.has(id)) this.deliver(inner.packet, received(inner.opts));
      return;
    }
    const { packet, rooms, close, ...rest } = data as {
      packet: EventPacket;
      opts: SentOptions;
      rooms: string[];
      close: boolean;
    };
    const opts = received(rest.opts);
    switch (type as MessageType) {
      case MessageType.BROADCAST:
        this.#arrived(packet, opts);
        return;
      case MessageType.SOCKETS_JOIN:
        super.addSockets(opts, rooms);
        return;
      case MessageType.SOCKETS_LEAVE:
        super.delSockets(opts, rooms);
        return;
      case MessageType.DISCONNECT_SOCKETS:
        super.disconnectSockets(opts, close);
        return;
      default:
    }
  }

  #arrived(packet: EventPacket, opts: BroadcastOptions): void {
    const { roomId, seq } = (packet.data?.[1] ?? {}) as Carried;
    if (roomId === undefined || seq === undefined) this.deliver(packet, opts);
    else if (this.#isFollowed(roomId)) this.#options.inOrder.take(roomId, seq, () => this.deliver(packet, opts));
    else this.#options.inOrder.end(roomId);
  }

  /** Whether somebody here is in the room, or was so lately that they may come back. */
  #isFollowed(roomId: string): boolean {
    const name = connections(roomId);
    if (this.rooms.has(name)) return true;
    const leftMs = this.#leftMs.get(name);
    if (leftMs === undefined) return false;
    if (leftMs >= Date.now()) return true;
    this.#leftMs.delete(name);
    return false;
  }

  async #publish(message: ClusterMessage): Promise<void> {
    try {
      await this.#wire.publishAndReturnOffset(message);
    } catch {
      if (message.type !== (MessageType.HEARTBEAT as number)) this.unsent += 1;
    }
  }

  #purge(utteranceIds: readonly string[]): void {
    const { cluster, log } = this.#options;
    cluster.kept.purge(utteranceIds).catch((error: unknown) => {
      log.warn({ reason: (error as Error).message }, 'retracted results may lie in redis until they are trimmed');
    });
  }
}
