import { RequestError } from '../sfu/RequestError.ts';
import type { RoomClaims } from '../sfu/Rooms.ts';
import type { Settling } from './Settling.ts';
import type { Redis } from './redis.ts';

/** The node that has a room's media. */
export interface Owner {
  node: string;
  /** Where clients reach it, if it says so. */
  url?: string;
}

export interface RoomDirectoryOptions {
  redis: Redis;
  /** Beginning of the keys. */
  prefix: string;
  self: Owner;
  /** A node that is silent for so long has lost its rooms. */
  leaseMs: number;
  settling: Settling;
}

/** Prolongs what is still ours, takes again what nobody has, and returns the places of what others have by now. */
const RENEW = `
local lost = {}
for i, key in ipairs(KEYS) do
  local owner = redis.call('GET', key)
  if not owner or owner == ARGV[1] then
    redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
  else
    lost[#lost + 1] = i
  end
end
return lost`;

const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** Which node has which room: one key for each, with a lease that its owner prolongs as long as it lives. */
export class RoomDirectory implements RoomClaims {
  readonly #options: RoomDirectoryOptions;
  readonly #value: string;
  readonly #claimed = new Set<string>();

  constructor(options: RoomDirectoryOptions) {
    this.#options = options;
    this.#value = JSON.stringify(options.self);
  }

  /**
   * Takes a room for this node. Its numbers begin at Redis's clock, the one that all nodes share, so that they lie above all
   * that another node gave out for it.
   * @throws RequestError `elsewhere` when another node has it, `unavailable` while Redis cannot be asked
   */
  async claim(roomId: string): Promise<{ firstSeq: number }> {
    const { redis, leaseMs, settling } = this.#options;
    const key = this.#key(roomId);
    await settling.wait();
    const [taken, [seconds, micros]] = await this.#asking(() =>
      Promise.all([
        redis.set(key, this.#value, { condition: 'NX', expiration: { type: 'PX', value: leaseMs } }),
        redis.sendCommand(['TIME']) as unknown as Promise<[string, string]>,
      ]),
    );
    if (taken === null) {
      const owner = await this.owner(roomId);
      // Its lease ended between the two questions.
      if (!owner) return this.claim(roomId);
      if (owner.node !== this.#options.self.node) throw elsewhere(owner);
    }
    this.#claimed.add(roomId);
    return { firstSeq: Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000) };
  }

  /** Gives a room up; without Redis its lease ends by itself. */
  release(roomId: string): void {
    if (!this.#claimed.delete(roomId)) return;
    const { redis } = this.#options;
    redis.eval(RELEASE, { keys: [this.#key(roomId)], arguments: [this.#value] }).catch(() => undefined);
  }

  /** @throws RequestError `unavailable` while Redis cannot be asked */
  async owner(roomId: string): Promise<Owner | undefined> {
    const owner = (await this.owners([roomId])).get(roomId);
    if (owner || this.believable) return owner;
    await this.#options.settling.wait();
    return (await this.owners([roomId])).get(roomId);
  }

  /** Whether a room that nobody has is really nobody's: after a restart of Redis all have to say so again. */
  get believable(): boolean {
    return this.#options.settling.done;
  }

  /** Rooms that nobody has are left out. @throws RequestError `unavailable` while Redis cannot be asked */
  async owners(roomIds: readonly string[]): Promise<Map<string, Owner>> {
    if (roomIds.length === 0) return new Map();
    const values = await this.#asking(() => this.#options.redis.mGet(roomIds.map((id) => this.#key(id))));
    const known = roomIds.flatMap((id, index): [string, Owner][] => {
      const value = values[index];
      return typeof value === 'string' ? [[id, JSON.parse(value) as Owner]] : [];
    });
    return new Map(known);
  }

  /** Prolongs all leases. Returns the rooms that another node has taken while this one was cut off. */
  async renew(): Promise<string[]> {
    const rooms = [...this.#claimed];
    if (rooms.length === 0) return [];
    const { redis, leaseMs } = this.#options;
    const keys = rooms.map((id) => this.#key(id));
    const lost = (await redis.eval(RENEW, { keys, arguments: [this.#value, String(leaseMs)] })) as number[];
    return lost.flatMap((place) => rooms[place - 1] ?? []);
  }

  #key(roomId: string): string {
    return `${this.#options.prefix}room:${roomId}`;
  }

  async #asking<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch {
      throw new RequestError('unavailable', 'the servers cannot agree on rooms just now; try again in a moment');
    }
  }
}

/** Tells who joins a call at the wrong node where to go. */
export function elsewhere({ url }: Owner): RequestError {
  const where = url === undefined ? 'the setting redis.nodeUrl of that server would tell its address' : `go to ${url}`;
  return new RequestError('elsewhere', `the call is on another server; ${where}`, undefined, url);
}
