import { readFileSync } from 'node:fs';
import { createClient } from 'redis';
import type { Config } from '../config/schema.ts';

/** A line that is silent for longer than a few pings is taken for broken. */
const PING_MS = 2_000;
const SILENCE_MS = 7_000;
const MAX_RETRY_MS = 500;

export type RedisOptions = Config['redis'] & { url: string };

/**
 * A client that fails at once while Redis is away, and comes back by itself. Its duplicates, which only wait for what others
 * write, wait until the line is back.
 */
export function createRedis({ url, caFile }: RedisOptions) {
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
    socket: caFile === undefined ? common : { ...common, tls: true, ca: readFileSync(caFile) },
  });
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (overrides?: object) => duplicate({ ...overrides, disableOfflineQueue: false });
  return redis;
}

export type Redis = ReturnType<typeof createRedis>;
