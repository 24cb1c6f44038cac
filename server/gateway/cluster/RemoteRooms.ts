import type { DurableEvent } from '../../../plugin/events/contract/v1/types.ts';
import type { Cluster } from '../../cluster/Cluster.ts';
import { elsewhere, type Owner } from '../../cluster/RoomDirectory.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import type { Requests } from '../../sfu/Request.ts';
import type { Admission } from '../access/authenticate.ts';
import type { Claims } from '../access/claims.ts';
import { CALL_REQUESTS } from '../emotion/index.ts';
import { REPLAY_REQUESTS, type ReplayContext } from '../emotion/replay.ts';
import { endSession } from '../endSession.ts';
import type { ClientSocket } from '../serve.ts';
import type { InOrder } from './InOrder.ts';
import type { Questions } from './questions.ts';
import { whenIn } from './whenIn.ts';

interface RemoteRoom {
  owner: Owner;
  clients: Set<ClientSocket>;
  /** How far the owner said it was when it was last asked. */
  toldSeq?: number;
}

/** A client here of a room that lives elsewhere. */
export interface RemoteContext extends ReplayContext {
  socket: ClientSocket;
}

export interface RemoteRoomsOptions {
  cluster: Cluster;
  inOrder: InOrder;
}

/** Rooms that live on other nodes, as far as clients of this one follow them: what these ask is asked there. */
export class RemoteRooms {
  readonly #options: RemoteRoomsOptions;
  readonly #rooms = new Map<string, RemoteRoom>();
  /** What a client may ask: the same as of a room that lives here. */
  readonly requests: Requests<RemoteContext>;

  constructor(options: RemoteRoomsOptions) {
    this.#options = options;
    const forward = (event: string) => ({
      handle: ({ socket }: RemoteContext, payload: unknown) => this.#forward(socket, event, payload),
    });
    const forwarded = Object.fromEntries(Object.keys(CALL_REQUESTS).map((event) => [event, forward(event)]));
    // Past meetings are read where the client is.
    this.requests = { ...forwarded, ...REPLAY_REQUESTS };
    options.cluster.on('tick', () => void this.#tick());
  }

  /** The node that has a room, if it is another one. @throws RequestError `unavailable` while that cannot be known */
  async owner(roomId: string): Promise<Owner | undefined> {
    const { cluster } = this.#options;
    const owner = await cluster.directory.owner(roomId);
    return owner?.node === cluster.node ? undefined : owner;
  }

  /**
   * Whether a token leads to a room of another node; undefined when none has it.
   * @throws RequestError `elsewhere` for who wants to take part in the call; what the other node throws
   */
  async admit(claims: Claims, inCall: boolean): Promise<Admission | undefined> {
    const { roomId } = claims;
    const owner = await this.owner(roomId);
    if (!owner) return undefined;
    if (inCall) throw elsewhere(owner);
    const admission = await this.#ask(owner, 'admit', { claims });
    const known = this.#rooms.get(roomId);
    if (known?.owner.node !== owner.node) {
      if (known) this.#end(roomId, known, 'unavailable');
      this.#rooms.set(roomId, { owner, clients: new Set() });
    }
    return admission;
  }

  has(roomId: string): boolean {
    return this.#rooms.has(roomId);
  }

  /** Clients here of rooms that live elsewhere. */
  get clients(): number {
    return [...this.#rooms.values()].reduce((sum, { clients }) => sum + clients.size, 0);
  }

  /** Takes note of a client that was let in. */
  follow(socket: ClientSocket): void {
    const room = this.#rooms.get(socket.data.claims.roomId);
    if (!room) return;
    room.clients.add(socket);
    socket.once('disconnect', () => {
      room.clients.delete(socket);
      void this.#present(room.owner.node).catch(() => undefined);
    });
    void this.#present(room.owner.node).catch(() => undefined);
  }

  /** @throws RequestError when another node has the room and refuses; undefined when none has it */
  async askOwner<N extends 'register' | 'describe'>(
    name: N,
    question: Questions[N]['question'],
  ): Promise<{ answer: Questions[N]['answer']; url: string | undefined } | undefined> {
    const owner = await this.owner(question.roomId);
    return owner && { answer: await this.#ask(owner, name, question), url: owner.url };
  }

  /** Events of a room after a number; undefined when nobody has the room. */
  async since(roomId: string, afterSeq: number): Promise<{ events: DurableEvent[]; seq: number } | undefined> {
    const owner = await this.owner(roomId);
    if (!owner) return undefined;
    const events: DurableEvent[] = [];
    for (let seq = afterSeq; ;) {
      const piece = await this.#ask(owner, 'since', { roomId, afterSeq: seq });
      events.push(...piece.events);
      seq = piece.seq;
      if (!piece.more) return { events, seq };
    }
  }

  async #forward(socket: ClientSocket, event: string, payload: unknown): Promise<object> {
    const { claims } = socket.data;
    const room = this.#rooms.get(claims.roomId);
    if (!room) throw new RequestError('room-closed', 'the call has ended', 'token');
    const { reply, joined } = await this.#ask(room.owner, 'ask', { client: socket.id, claims, event, payload });
    if (joined.length > 0) {
      const { seq } = reply as { seq?: number };
      if (seq !== undefined) this.#options.inOrder.begin(claims.roomId, seq);
      // What is told by the stream comes between the events before the answer and those after it.
      await whenIn(socket, joined);
    }
    return reply;
  }

  #ask<N extends keyof Questions>(owner: Owner, name: N, question: Questions[N]['question']) {
    return this.#options.cluster.link.ask<Questions[N]['answer']>(owner.node, name, question);
  }

  /** Tells a node which clients follow its rooms. */
  async #present(node: string): Promise<void> {
    const rooms = [...this.#rooms].filter(([, { owner }]) => owner.node === node);
    const clients = rooms.flatMap(([, room]) =>
      [...room.clients].map((socket) => ({ client: socket.id, claims: socket.data.claims })),
    );
    const { seqs } = await this.#ask({ node }, 'present', { clients });
    for (const [roomId, room] of rooms) {
      const seq = seqs[roomId];
      if (seq === undefined) continue;
      this.#options.inOrder.reached(roomId, seq, room.toldSeq);
      room.toldSeq = seq;
    }
  }

  async #tick(): Promise<void> {
    for (const [roomId, { clients }] of this.#rooms) if (clients.size === 0) this.#rooms.delete(roomId);
    const followed = [...this.#rooms];
    try {
      const owners = await this.#options.cluster.directory.owners(followed.map(([roomId]) => roomId));
      for (const [roomId, room] of followed) {
        const owner = owners.get(roomId);
        // A room that was opened anew may be there for the same bearer; one that is gone is gone.
        if (!owner && !this.#options.cluster.directory.believable) continue;
        if (owner?.node !== room.owner.node) this.#end(roomId, room, owner ? 'unavailable' : 'room-closed');
      }
      const nodes = new Set([...this.#rooms.values()].map(({ owner }) => owner.node));
      await Promise.allSettled([...nodes].map((node) => this.#present(node)));
    } catch {
      // Redis went away meanwhile: whether an owner lives is not known.
    }
  }

  #end(roomId: string, room: RemoteRoom, code: 'room-closed' | 'unavailable'): void {
    if (this.#rooms.get(roomId) === room) this.#rooms.delete(roomId);
    this.#options.inOrder.end(roomId);
    for (const socket of [...room.clients]) endSession(socket, code);
  }
}
