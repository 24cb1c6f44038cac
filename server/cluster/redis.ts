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
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (overrides?: object) => duplicate({ ...overrides, disableOfflineQueue: false });
  return redis;
}

export type Redis = ReturnType<typeof createRedis>;
