import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Namespace } from 'socket.io';
import type { Adapter } from 'socket.io-adapter';
import type { Cluster } from '../../cluster/Cluster.ts';

/** What nodes tell each other, as `socket.io-adapter` numbers it. */
export interface ClusterMessage {
  uid?: string;
  nsp?: string;
  type: number;
  data?: unknown;
}

/** Members of the adapter for Redis streams that its types hide: how it sends, and what it calls when something comes. */
export interface Wire {
  readonly uid: string;
  onMessage(message: ClusterMessage, offset?: string): void;
  publishAndReturnOffset(message: ClusterMessage): Promise<string>;
  close(): void;
}

/** A reader looks this often whether it is to end. */
const BLOCK_MS = 1_000;
const READ_COUNT = 200;

/** Opens a namespace's line to the other nodes over the cluster's stream. */
export function openWire(cluster: Cluster, namespace: Namespace): Wire {
  const { prefix, maxEvents } = cluster.options;
  const create = createAdapter(cluster.redis, {
    streamName: cluster.stream,
    channelPrefix: `${prefix}io`,
    sessionKeyPrefix: `${prefix}io-session:`,
    maxLen: maxEvents,
    readCount: READ_COUNT,
    blockTimeInMs: BLOCK_MS,
  }) as (namespace: Namespace) => Adapter;
  return create(namespace) as unknown as Wire;
}
