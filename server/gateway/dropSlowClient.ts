import type { ClientSocket } from './serve.ts';

/** Packets that may wait for one client: minutes of events. */
const MAX_WAITING = 2_000;

/** Cuts off a client that does not read: it may come again and ask for what it missed with `since`. */
export function dropSlowClient({ conn }: ClientSocket): void {
  let waiting = 0;
  const created = () => {
    waiting += 1;
    if (waiting > MAX_WAITING) conn.close(true);
  };
  const drained = () => {
    waiting = 0;
  };
  conn.on('packetCreate', created);
  conn.on('drain', drained);
  conn.once('close', () => {
    conn.off('packetCreate', created);
    conn.off('drain', drained);
  });
}
