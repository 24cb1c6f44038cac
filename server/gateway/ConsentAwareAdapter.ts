import { SessionAwareAdapter, type BroadcastOptions, type Session } from 'socket.io-adapter';
import type { Recovery } from './recovery.ts';
import { connections } from './rooms.ts';
import type { SocketData } from './serve.ts';

/** An event as it goes over the wire, the id of the packet at its end. */
export type Packet = [name: string, ...args: unknown[]];

/** A packet of the Socket.IO protocol that carries an event. */
export interface EventPacket {
  type?: number;
  data?: Packet;
}

/** Utterances and alerts that this packet takes back. */
export function retractedBy({ data }: EventPacket): readonly string[] {
  if (data?.[0] !== 'emotion.retracted') return [];
  const { utteranceIds, alertIds = [] } = data[1] as { utteranceIds: string[]; alertIds?: string[] };
  return [...utteranceIds, ...alertIds];
}

interface Persisted {
  id: string;
  data: Packet;
  opts: BroadcastOptions;
  emittedAt: number;
}

/** Of a retracted packet only the id is left: clients name it when they come back. */
const NOBODY: BroadcastOptions = { rooms: new Set(['nobody']), except: new Set() };

function hollow(persisted: Persisted): void {
  persisted.data = [persisted.data[0], persisted.id];
  persisted.opts = NOBODY;
}

/**
 * Keeps what a client missed while it was away, as Socket.IO does, with two differences. Nothing is given out before the
 * client's token was checked again: Socket.IO would send what was missed before its middlewares run. And what is retracted goes
 * out of the buffer at once.
 */
export class ConsentAwareAdapter extends SessionAwareAdapter {
  override broadcast(packet: EventPacket, opts: BroadcastOptions): void {
    super.broadcast(packet, opts);
    this.forgetRetracted(retractedBy(packet));
  }

  protected forgetRetracted(ids: readonly string[]): void {
    if (ids.length === 0) return;
    const retracted = new Set<unknown>(ids);
    for (const persisted of this.#persisted) {
      const [, event] = persisted.data as [string, { utteranceId?: unknown; alertId?: unknown }?];
      if (retracted.has(event?.utteranceId ?? event?.alertId)) hollow(persisted);
    }
  }

  /** Keeps a packet for those who are away; its id has to be at its end. */
  protected keep(id: string, data: Packet, opts: BroadcastOptions): void {
    this.#persisted.push({ id, data, opts, emittedAt: Date.now() });
  }

  protected knows(id: string): boolean {
    return this.#persisted.some((persisted) => persisted.id === id);
  }

  override async restoreSession(pid: string, offset: string): Promise<Session> {
    const session = await this.findSession(pid, offset);
    const data = session?.data as SocketData | undefined;
    // The types allow no null, which is what Socket.IO wants for a session that is not to be had.
    if (!session || !data || data.claims.expiresAtMs <= Date.now()) return null as unknown as Session;
    const recovery: Recovery = { offset, rooms: session.rooms.filter((name) => name !== session.sid) };
    return { ...session, rooms: [], missedPackets: [], data: { ...data, recovery } };
  }

  /** What was kept of a connection that broke off. */
  protected async findSession(pid: string, offset: string): Promise<Session | null> {
    return super.restoreSession(pid, offset);
  }

  /** What was sent to these rooms after the offset and can still be given, oldest first. */
  missed({ rooms, offset }: Recovery): Packet[] {
    const at = this.#persisted.findIndex(({ id }) => id === offset);
    if (at < 0) return [];
    return this.#persisted
      .slice(at + 1)
      .filter(({ opts }) => rooms.some((name) => opts.rooms.has(name)) && !rooms.some((name) => opts.except?.has(name)))
      .map(({ data }) => data);
  }

  /** Whose connection broke off, and of whom something is kept for those. */
  participants(): string[] {
    const away = [...this.#sessions.values()].map(
      ({ data }) => (data as SocketData | undefined)?.claims?.participantId,
    );
    const about = this.#persisted.map(
      ({ data }) => (data[1] as { participantId?: unknown } | undefined)?.participantId,
    );
    return [...away, ...about].filter((id) => typeof id === 'string');
  }

  /**
   * Forgets everything about a participant that waits for whoever comes back, but not that it is to be forgotten.
   * @returns how many packets that were
   */
  forget(participantId: string, roomId?: string): number {
    let forgotten = 0;
    // They come back as somebody new.
    for (const [pid, { data }] of this.#sessions) {
      const claims = (data as SocketData | undefined)?.claims;
      if (claims?.participantId !== participantId || (roomId !== undefined && claims.roomId !== roomId)) continue;
      this.#sessions.delete(pid);
    }
    for (const persisted of this.#persisted) {
      const [name, about] = persisted.data as [string, { participantId?: unknown; roomId?: unknown }?];
      if (about?.participantId !== participantId || name === 'emotion.retracted') continue;
      // What is said in `/call` does not name its room: ids are told apart there by the rooms that it goes to.
      const inRoom = roomId === undefined || about.roomId === roomId || persisted.opts.rooms.has(connections(roomId));
      if (!inRoom) continue;
      hollow(persisted);
      forgotten += 1;
    }
    return forgotten;
  }

  get #sessions(): Map<string, Session> {
    return (this as unknown as { sessions: Map<string, Session> }).sessions;
  }

  get #persisted(): Persisted[] {
    return (this as unknown as { packets: Persisted[] }).packets;
  }
}
