import type { Session } from 'socket.io-adapter';
import type { Cluster } from '../../cluster/Cluster.ts';
import type { SocketData } from '../serve.ts';

const PAGE = 500;

/** Connections that broke off, kept in Redis so that any node can take them up: who was where, and no results. */
export class Sessions {
  readonly #cluster: Cluster;
  readonly #lifetimeMs: number;

  constructor(cluster: Cluster, lifetimeMs: number) {
    this.#cluster = cluster;
    this.#lifetimeMs = lifetimeMs;
  }

  keep({ sid, pid, rooms, data }: Session): void {
    const text = JSON.stringify({ sid, pid, rooms, data });
    const expiration = { type: 'PX', value: this.#lifetimeMs } as const;
    this.#cluster.redis.set(this.#key(pid), text, { expiration }).catch(() => undefined);
  }

  /** Takes a connection out; null where there is none, undefined where Redis cannot be asked. */
  async take(pid: string): Promise<Session | null | undefined> {
    try {
      const text = await this.#cluster.redis.getDel(this.#key(pid));
      return text === null ? null : { ...(JSON.parse(text) as Session), missedPackets: [] };
    } catch {
      return undefined;
    }
  }

  /** Removes those of a participant; returns how many that were. */
  async erase(participantId: string, roomId?: string): Promise<number> {
    let erased = 0;
    for await (const { key, claims } of this.#kept()) {
      if (claims.participantId !== participantId || (roomId !== undefined && claims.roomId !== roomId)) continue;
      erased += Number(await this.#cluster.redis.del(key));
    }
    return erased;
  }

  /** Whose they are. */
  async participants(): Promise<string[]> {
    const ids: string[] = [];
    for await (const { claims } of this.#kept()) ids.push(claims.participantId);
    return ids;
  }

  async *#kept() {
    const { redis } = this.#cluster;
    for await (const keys of redis.scanIterator({ MATCH: `${this.#key('')}*`, COUNT: PAGE })) {
      for (const key of keys) {
        const text = await redis.get(key);
        if (text === null) continue;
        const { claims } = (JSON.parse(text) as { data: SocketData }).data;
        yield { key, claims };
      }
    }
  }

  #key(pid: string): string {
    return `${this.#cluster.options.prefix}session:${pid}`;
  }
}
