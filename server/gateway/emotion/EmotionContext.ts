import type { Logger, Undertone } from '../../../plugin/UndertoneTypes.ts';
import type { Participant } from '../../sfu/Participant.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import type { Room } from '../../sfu/Room.ts';
import type { Revoked } from '../access/Revocations.ts';
import type { Scope } from '../access/scopes.ts';
import type { Notice } from '../notice.ts';
import type { SocketData } from '../serve.ts';
import type { Differencing } from './Differencing.ts';
import type { ReplayContext } from './replay.ts';
import type { TraceReaders } from './TraceReaders.ts';

/** A client, on this node or another: who it is, and how it gets into Socket.IO rooms. */
export interface Asker {
  readonly data: Pick<SocketData, 'claims'>;
  join(rooms: string | string[]): Promise<void> | void;
  leave(room: string): Promise<void> | void;
}

/** Who asks, and what about. */
export interface EmotionContext extends ReplayContext {
  socket: Asker;
  room: Room;
  /** Undefined for a bot or a dashboard, which has no seat in the room. */
  participant: Participant | undefined;
  undertone: Undertone;
  notice: Notice;
  differencing: Differencing;
  /** Takes tokens back and ends what they opened; returns how many connections that were. */
  revoke(revoked: Revoked): Promise<number>;
  /** What this client looks at. */
  traces: TraceReaders;
  log: Logger;
}

export function may({ socket }: EmotionContext, scope: Scope): boolean {
  return socket.data.claims.scope.includes(scope);
}

/** @throws RequestError unless the token has one of the scopes and the call goes on */
export function requireScope(context: EmotionContext, ...scopes: Scope[]): void {
  requireOpen(context);
  if (scopes.some((scope) => may(context, scope))) return;
  throw new RequestError('forbidden', `the token lacks the scope ${scopes.join(' or ')}`, 'token');
}

/** @throws RequestError unless the bearer has a seat in the room */
export function requireParticipant({ participant }: EmotionContext): Participant {
  if (participant) return participant;
  throw new RequestError('not-joined', 'only a participant of the call can do this', 'token');
}

/** @throws RequestError when the call has ended */
export function requireOpen({ room }: EmotionContext): void {
  if (room.closed) throw new RequestError('room-closed', 'the call has ended', 'token');
}

/** @throws RequestError unless `roomId` is the token's room */
export function requireOwnRoom(context: EmotionContext, roomId: string): void {
  requireOpen(context);
  if (roomId !== context.room.id) throw new RequestError('forbidden', 'the token is for another room', 'roomId');
}
