import type { ExtendedError } from 'socket.io';
import { RequestError } from '../sfu/RequestError.ts';
import type { Rooms } from '../sfu/Rooms.ts';
import type { ClientSocket } from './serve.ts';
import { toRequestError } from './toRequestError.ts';
import type { Scope, Tokens } from './Tokens.ts';

/**
 * Lets a client into a namespace when its token holds and the room still knows its participant. A refused client gets
 * `connect_error` with `data: { code, message, field? }`.
 *
 * @param scopes - the token must have one of these
 */
export function authenticate(tokens: Tokens, rooms: Rooms, scopes: readonly Scope[]) {
  return (socket: ClientSocket, next: (error?: ExtendedError) => void): void => {
    const check = async () => {
      const claims = await tokens.verify((socket.handshake.auth as Record<string, unknown>)['token']);
      if (!scopes.some((scope) => claims.scope.includes(scope))) {
        throw new RequestError('forbidden', `the token needs one of the scopes ${scopes.join(', ')}`, 'token');
      }
      // A token outlives its room only on paper: whoever opens a room of that name again is somebody else.
      if (!rooms.get(claims.roomId)?.participant(claims.participantId)) {
        throw new RequestError('room-closed', 'the call has ended or you left it long ago; register again', 'token');
      }
      const before = socket.data.claims as typeof claims | undefined;
      const same = before?.participantId === claims.participantId && before.roomId === claims.roomId;
      if (socket.recovered && !same) for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room);
      socket.data.claims = claims;
    };
    check().then(
      () => next(),
      (error: unknown) => {
        const told = toRequestError(error);
        next(Object.assign(new Error(told.message), { data: told.toJSON() }));
      },
    );
  };
}

/** Longest delay that `setTimeout` takes. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Ends the connection when its token ends. */
export function disconnectAtExpiry(socket: ClientSocket): void {
  const delayMs = Math.min(MAX_TIMEOUT_MS, Math.max(0, socket.data.claims.expiresAtMs - Date.now()));
  const timer = setTimeout(() => socket.disconnect(), delayMs);
  timer.unref();
  socket.once('disconnect', () => clearTimeout(timer));
}
