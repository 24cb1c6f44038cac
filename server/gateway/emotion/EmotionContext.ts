import type { Logger, Undertone } from '../../../plugin/UndertoneTypes.ts';
import type { Participant } from '../../sfu/Participant.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import type { Room } from '../../sfu/Room.ts';
import type { Notice } from '../notice.ts';
import type { ClientSocket } from '../serve.ts';
import type { Scope } from '../Tokens.ts';

/** Who asks, and what about. */
export interface EmotionContext {
  socket: ClientSocket;
  room: Room;
  participant: Participant;
  undertone: Undertone;
  notice: Notice;
  log: Logger;
}

export function may({ socket }: EmotionContext, scope: Scope): boolean {
  return socket.data.claims.scope.includes(scope);
}

/** @throws RequestError unless the token has the scope and the call goes on */
export function requireScope(context: EmotionContext, scope: Scope): void {
  requireOpen(context);
  if (!may(context, scope)) throw new RequestError('forbidden', `the token lacks the scope ${scope}`);
}

/** @throws RequestError when the call has ended */
export function requireOpen({ room }: EmotionContext): void {
  if (room.closed) throw new RequestError('room-closed', 'the call has ended');
}

/** @throws RequestError unless `roomId` is the token's room */
export function requireOwnRoom(context: EmotionContext, roomId: string): void {
  requireOpen(context);
  if (roomId !== context.room.id) throw new RequestError('forbidden', 'the token is for another room', 'roomId');
}
