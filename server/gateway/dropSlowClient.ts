import { sayFarewell } from './endSession.ts';
import type { ClientSocket } from './serve.ts';

/** Packets that may wait for one client: minutes of events. */
const MAX_WAITING = 2_000;
/** Characters that may wait. */
const MAX_WAITING_LENGTH = 8 * 2 ** 20;
/** A client that has not read its last words by then is cut off. */
const FAREWELL_MS = 5_000;

/** Members of Engine.IO's connection that its types hide. */
interface Hidden {
  writeBuffer: unknown[];
}

/**
 * Cuts off a client that does not read. Interim results are not even queued for it (they are volatile); once too much else waits,
 * that is thrown away, and the client is told why and disconnected. It may come again and gets what it missed.
 */
export function dropSlowClient(socket: ClientSocket): void {
  const { conn } = socket;
  let waiting = 0;
  let length = 0;
  const end = () => {
    (conn as unknown as Hidden).writeBuffer.length = 0;
    sayFarewell(socket, 'slow-consumer');
    // The line, not the session: what was thrown away is recovered when the client comes back.
    conn.close();
    setTimeout(() => conn.close(true), FAREWELL_MS).unref();
  };
  const created = ({ data }: { data?: unknown }) => {
    waiting += 1;
    length += typeof data === 'string' ? data.length : 0;
    if (waiting <= MAX_WAITING && length <= MAX_WAITING_LENGTH) return;
    forget();
    // The packet in hand is queued only after this.
    queueMicrotask(end);
  };
  const drained = () => {
    waiting = 0;
    length = 0;
  };
  const forget = () => {
    conn.off('packetCreate', created);
    conn.off('drain', drained);
  };
  conn.on('packetCreate', created);
  conn.on('drain', drained);
  conn.once('close', forget);
}
