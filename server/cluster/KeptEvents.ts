import type { Redis } from './redis.ts';

/**
 * Writes a stream anew without the entries that match, under the ids that they had. XDEL alone would only mark them: their
 * bytes stay in the stream's blocks, and so in memory, snapshots and DUMP. Readers that wait are not disturbed.
 *
 * KEYS: stream, a name for the copy. ARGV: `utterances` and ids, or `text` and texts all of which an entry has.
 */
const PURGE = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local wanted = {}
for i = 2, #ARGV do wanted[ARGV[i]] = true end
local function matches(fields)
  for i = 1, #fields, 2 do
    if fields[i] == 'data' then
      local data = fields[i + 1]
      if ARGV[1] == 'utterances' then
        local id = string.match(data, '"utteranceId":"([^"]+)"') or string.match(data, '"alertId":"([^"]+)"')
        return id and wanted[id]
      end
      -- That something is to be forgotten still has to reach everybody.
      if string.find(data, '"emotion.retracted"', 1, true) then return false end
      for j = 2, #ARGV do
        if not string.find(data, ARGV[j], 1, true) then return false end
      end
      return true
    end
  end
  return false
end
local kept, gone = {}, 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
  if matches(entry[2]) then gone = gone + 1 else kept[#kept + 1] = entry end
end
if gone == 0 then return 0 end
local last
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do
  if info[i] == 'last-generated-id' then last = info[i + 1] end
end
local ttl = redis.call('PTTL', KEYS[1])
redis.call('DEL', KEYS[2])
for _, entry in ipairs(kept) do redis.call('XADD', KEYS[2], entry[1], unpack(entry[2])) end
if #kept == 0 then
  redis.call('XADD', KEYS[2], last, 'x', 'x')
  redis.call('XDEL', KEYS[2], last)
end
redis.call('XSETID', KEYS[2], last)
redis.call('RENAME', KEYS[2], KEYS[1])
if ttl > 0 then redis.call('PEXPIRE', KEYS[1], ttl) end
return gone`;

/** Ids that one call of the script takes: Redis bounds its arguments' stack. */
const MAX_AT_ONCE = 2_000;

const ENTRIES_AT_ONCE = 1_000;
const PARTICIPANT = /"participantId":("(?:[^"\\]|\\.)*")/g;

export interface KeptEventsOptions {
  redis: Redis;
  /** Key of the stream. */
  stream: string;
  retentionMs: number;
}

/** What lies in Redis on its way to the other nodes: as short a time as bridges a broken line, and never what was taken back. */
export class KeptEvents {
  readonly #options: KeptEventsOptions;
  /** Utterances that were taken back and may still be there. */
  readonly #owed = new Set<string>();

  constructor(options: KeptEventsOptions) {
    this.#options = options;
  }

  /** Lets go of what every node has had time to read. */
  async trim(): Promise<void> {
    const { redis, stream, retentionMs } = this.#options;
    const [seconds] = (await redis.sendCommand(['TIME'])) as unknown as [string];
    await Promise.all([
      redis.xTrim(stream, 'MINID', Number(seconds) * 1_000 - retentionMs),
      redis.pExpire(stream, 2 * retentionMs),
    ]);
  }

  /** Removes everything about these utterances; returns how many entries that were. What fails is done by `settle`. */
  async purge(utteranceIds: readonly string[]): Promise<number> {
    for (const id of utteranceIds) this.#owed.add(id);
    return this.settle();
  }

  /** Removes what could not be removed while Redis was away. */
  async settle(): Promise<number> {
    const owed = [...this.#owed].slice(0, MAX_AT_ONCE);
    if (owed.length === 0) return 0;
    const gone = await this.#purge('utterances', owed);
    for (const id of owed) this.#owed.delete(id);
    return gone + (await this.settle());
  }

  /** Removes everything that names a participant, but not that something of theirs was taken back; returns how many entries that were. */
  erase(participantId: string, roomId?: string): Promise<number> {
    const texts = [`"participantId":${JSON.stringify(participantId)}`];
    return this.#purge('text', roomId === undefined ? texts : [...texts, `"roomId":${JSON.stringify(roomId)}`]);
  }

  /** All whom an entry names. */
  async participants(): Promise<Set<string>> {
    const { redis, stream } = this.#options;
    const named = new Set<string>();
    let from = '-';
    for (;;) {
      const entries = (await redis.xRange(stream, from, '+', { COUNT: ENTRIES_AT_ONCE })) ?? [];
      for (const { message } of entries) {
        for (const [, text = ''] of (message['data'] ?? '').matchAll(PARTICIPANT))
          named.add(JSON.parse(text) as string);
      }
      const last = entries.at(-1);
      if (!last || entries.length < ENTRIES_AT_ONCE) return named;
      from = `(${last.id}`;
    }
  }

  async #purge(kind: 'utterances' | 'text', what: readonly string[]): Promise<number> {
    const { redis, stream } = this.#options;
    return Number(await redis.eval(PURGE, { keys: [stream, `${stream}:copy`], arguments: [kind, ...what] }));
  }
}
