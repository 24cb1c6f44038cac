import { createClient } from 'redis';
import type { Config } from '../config/schema.ts';

/** A line that is silent for longer than a few pings is taken for broken. */
const PING_MS = 2_000;
const SILENCE_MS = 7_000;
const MAX_RETRY_MS = 500;

export type RedisOptions = Omit<Config['redis'], 'caFile'> & {
  url: string;
  /** Certificate authority, PEM. */
  ca?: Buffer;
};

/**
 * A client that fails at once while Redis is away, and comes back by itself. Its duplicates, which only wait for what others
 * write, wait until the line is back.
 */
export function createRedis({ url, ca }: RedisOptions) {
  const common = {
    connectTimeout: 3_000,
    socketTimeout: SILENCE_MS,
    reconnectStrategy: (tries: number) => Math.min(MAX_RETRY_MS, 50 * 2 ** Math.min(tries, 6)) + Math.random() * 50,
  };
  const redis = createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    pingInterval: PING_MS,
    socket: ca === undefined ? common : { ...common, tls: true, ca },
  });
  const copies = new Set<Copy>();
  const watched = <C extends Copy>(copy: C): C => {
    copies.add(copy);
    const connect = copy.connect.bind(copy);
    const end = copy.destroy.bind(copy);
    copy.connect = () => connect().catch((error: unknown) => (ended ? never : Promise.reject(error as Error)));
    copy.destroy = () => void (copy.isOpen && end());
    return copy;
  };
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (overrides?: object) => watched(duplicate({ ...overrides, disableOfflineQueue: false }));
  let ended = false;
  const destroy = redis.destroy.bind(redis);
  // Whoever has a duplicate ends it, but one whose line never came up would be tried for ever.
  redis.destroy = () => {
    ended = true;
    for (const copy of copies) if (!copy.isReady) copy.destroy();
    destroy();
  };
  return redis;
}

/** What of a duplicate is looked after here. */
interface Copy {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  connect(): Promise<unknown>;
  destroy(): void;
}

/** What waits for a line when nobody wants it any more is neither given one nor told of a failure. */
const never = new Promise<never>(() => undefined);

export type Redis = ReturnType<typeof createRedis>;
