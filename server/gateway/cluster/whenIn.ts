import { RequestError } from '../../sfu/RequestError.ts';
import type { ClientSocket } from '../serve.ts';

const PATIENCE_MS = 5_000;

/**
 * Resolves when a client is in these Socket.IO rooms, or has gone.
 * @throws RequestError `unavailable` when that is not told in time
 */
export async function whenIn(socket: ClientSocket, rooms: readonly string[]): Promise<void> {
  const inAll = () => !socket.connected || rooms.every((name) => socket.rooms.has(name));
  if (inAll()) return;
  const { adapter } = socket.nsp;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), PATIENCE_MS);
  const look = (_room?: string, id = socket.id) => {
    // The adapter tells before the set of the socket's rooms is up to date.
    if (id === socket.id) queueMicrotask(() => inAll() && resolve(true));
  };
  const gone = () => resolve(true);
  // One for each client that asks just now.
  adapter.setMaxListeners(0);
  adapter.on('join-room', look);
  socket.once('disconnect', gone);
  try {
    if (await promise) return;
    throw new RequestError('unavailable', 'the line to the server that has the call is broken; try again in a moment');
  } finally {
    clearTimeout(timer);
    adapter.off('join-room', look);
    socket.off('disconnect', gone);
  }
}
