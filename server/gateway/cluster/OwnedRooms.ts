import type { Namespace } from 'socket.io';
import type { Cluster } from '../../cluster/Cluster.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import type { Room } from '../../sfu/Room.ts';
import type { Rooms } from '../../sfu/Rooms.ts';
import { admit } from '../access/admit.ts';
import type { Claims } from '../access/claims.ts';
import type { Differencing } from '../emotion/Differencing.ts';
import type { Asker } from '../emotion/EmotionContext.ts';
import { firstPiece } from '../emotion/firstPiece.ts';
import { Follower, type Shared } from '../emotion/Follower.ts';
import { CALL_REQUESTS } from '../emotion/index.ts';
import { describeRoom } from '../describeRoom.ts';
import type { Questions } from './questions.ts';

export interface OwnedRoomsOptions {
  cluster: Cluster;
  rooms: Rooms;
  namespace: Namespace;
  differencing: (room: Room) => Differencing;
  shared: Shared;
}

/** A client of another node, which gets into Socket.IO rooms by the stream: between two events, as it would here. */
class RemoteAsker implements Asker {
  readonly data: { claims: Claims };
  /** What it got into. */
  joined: string[] = [];
  readonly #namespace: Namespace;
  readonly #client: string;

  constructor(namespace: Namespace, client: string, claims: Claims) {
    this.#namespace = namespace;
    this.#client = client;
    this.data = { claims };
  }

  join(rooms: string | string[]): void {
    const names = [rooms].flat();
    this.joined.push(...names);
    this.#namespace.in(this.#client).socketsJoin(names);
  }

  leave(room: string): void {
    this.joined = this.joined.filter((name) => name !== room);
    this.#namespace.in(this.#client).socketsLeave(room);
  }
}

interface Remote {
  node: string;
  follower: Follower;
}

/** Answers other nodes about the rooms that live here. */
export class OwnedRooms {
  readonly #options: OwnedRoomsOptions;
  readonly #remotes = new Map<string, Remote>();
  /** When each node last said who is there. */
  readonly #heardMs = new Map<string, number>();

  constructor(options: OwnedRoomsOptions) {
    this.#options = options;
    const { cluster, rooms } = options;
    const on = <N extends keyof Questions>(
      name: N,
      answer: (question: Questions[N]['question'], from: string) => Promise<Questions[N]['answer']>,
    ) => cluster.link.on(name, answer);
    on('admit', async ({ claims }) => {
      const { participant } = await admit(claims, rooms, false);
      return { viewer: participant?.role === 'viewer' };
    });
    on('ask', (question, from) => this.#ask(question, from));
    on('present', async ({ clients }, from) => this.#present(clients, from));
    on('since', async ({ roomId, afterSeq }) => {
      const { observer } = this.#room(roomId);
      const kept = observer.since(afterSeq);
      const events = firstPiece(kept);
      const more = events.length < kept.length;
      return { events, seq: more ? events.at(-1)!.seq : observer.seq, more };
    });
    on('register', async ({ roomId, displayName }) => {
      const room = this.#room(roomId);
      return { participantId: room.register(displayName, 'speaker').id, labels: room.labels };
    });
    on('describe', async ({ roomId }) => describeRoom(this.#room(roomId), options.shared.undertone));
    cluster.on('tick', () => this.#forgetSilentNodes());
  }

  /** Clients of other nodes that follow rooms of this one. */
  get followers(): number {
    return this.#remotes.size;
  }

  async #ask({ client, claims, event, payload }: Questions['ask']['question'], from: string) {
    const { follower } = this.#remote(client, claims, from);
    const request = CALL_REQUESTS[event];
    if (!request) throw new RequestError('unknown-event', 'the server that has the call does not know this', 'event');
    const asker = new RemoteAsker(this.#options.namespace, client, claims);
    const reply = await request.handle({ ...follower.context, socket: asker }, payload);
    return { reply, joined: asker.joined };
  }

  #present(clients: Questions['present']['question']['clients'], from: string): Questions['present']['answer'] {
    this.#heardMs.set(from, Date.now());
    const there = new Set(clients.map(({ client }) => client));
    for (const [client, { node }] of this.#remotes) if (node === from && !there.has(client)) this.#end(client);
    const seqs: Record<string, number> = {};
    for (const { client, claims } of clients) {
      const room = this.#options.rooms.get(claims.roomId);
      if (!room) continue;
      this.#remote(client, claims, from);
      seqs[room.id] = room.observer.seq;
    }
    return { seqs };
  }

  #remote(client: string, claims: Claims, node: string): Remote {
    const room = this.#room(claims.roomId);
    const known = this.#remotes.get(client);
    if (known?.follower.context.room === room) return known;
    this.#end(client);
    const { namespace, differencing, shared } = this.#options;
    const asker = new RemoteAsker(namespace, client, claims);
    const remote = { node, follower: new Follower(asker, room, differencing(room), { ...shared, replays: undefined }) };
    this.#remotes.set(client, remote);
    if (!this.#heardMs.has(node)) this.#heardMs.set(node, Date.now());
    return remote;
  }

  #room(roomId: string): Room {
    const room = this.#options.rooms.get(roomId);
    if (!room) throw new RequestError('room-closed', 'the call has ended', 'token');
    return room;
  }

  #end(client: string): void {
    this.#remotes.get(client)?.follower.end();
    this.#remotes.delete(client);
  }

  #forgetSilentNodes(): void {
    const { leaseMs } = this.#options.cluster.options;
    for (const [node, heardMs] of this.#heardMs) {
      if (Date.now() - heardMs <= leaseMs) continue;
      this.#heardMs.delete(node);
      for (const [client, remote] of this.#remotes) if (remote.node === node) this.#end(client);
    }
  }
}
