import { Pressure } from '../../replay/Pressure.ts';
import type { ReplayConnection } from '../../replay/ReplayConnection.ts';
import type { Replays } from '../../replay/Replays.ts';
import { addressOf } from '../access/AddressLimit.ts';
import { sendUncounted } from '../recovery.ts';
import type { ClientSocket } from '../serve.ts';

/** What a client plays goes to it alone, and is kept for nobody who comes back later. */
export function connectReplays(replays: Replays, socket: ClientSocket, trustProxy: boolean): ReplayConnection {
  return replays.connect({
    claims: socket.data.token,
    address: addressOf(socket.conn.request, trustProxy),
    send: (name, payload) => sendUncounted(socket, [name, payload]),
    pressure: Pressure.of(socket.conn),
  });
}
