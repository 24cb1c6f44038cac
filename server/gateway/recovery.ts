import { randomUUID } from 'node:crypto';
import type { Claims } from './access/claims.ts';
import type { ConsentAwareAdapter, Packet } from './ConsentAwareAdapter.ts';
import type { ClientSocket } from './serve.ts';

/** What a connection that broke off was in, and the last packet that its client has. */
export interface Recovery {
  rooms: string[];
  offset: string;
}

/** A client that missed more than this asks with `since`, in pieces. */
const MAX_RECOVERED = 5_000;

/** Type of an event in the Socket.IO protocol, version 5. */
const EVENT = 2;

/** Members of Socket.IO's socket that its types hide; Socket.IO itself recovers by them. */
interface Hidden {
  recovered: boolean;
  pid: string;
  packet(packet: { type: number; data: Packet }): void;
}

const adapterOf = (socket: ClientSocket) => socket.nsp.adapter as ConsentAwareAdapter;

/**
 * Lets a broken connection be taken up only by its own bearer with no fewer rights; for anybody else it is a new one, with
 * nothing subscribed. To be called before the client is let in.
 */
export function resumeOnlyAs(socket: ClientSocket, claims: Claims, mayBeIn: (claims: Claims, name: string) => boolean) {
  if (!socket.recovered) return;
  const { claims: before, recovery } = socket.data;
  const same = before?.participantId === claims.participantId && before.roomId === claims.roomId;
  const entitled = same && recovery?.rooms.every((name) => mayBeIn(claims, name));
  if (entitled && adapterOf(socket).missed(recovery!).length <= MAX_RECOVERED) return;
  delete socket.data.recovery;
  const hidden = socket as unknown as Hidden;
  hidden.recovered = false;
  // The client compares this with the one it had to see whether it was recovered.
  hidden.pid = randomUUID();
}

/** Gives a client that came back its rooms and what it missed, without a pause in which an event could fall between. */
export function resume(socket: ClientSocket): void {
  const { recovery } = socket.data;
  delete socket.data.recovery;
  if (!socket.recovered || !recovery) return;
  void socket.join(recovery.rooms);
  for (const data of adapterOf(socket).missed(recovery)) sendUncounted(socket, data);
}

/** Sends an event as it is, without a new place in the order that a client recovers by. */
export function sendUncounted(socket: ClientSocket, data: Packet): void {
  (socket as unknown as Hidden).packet({ type: EVENT, data });
}
