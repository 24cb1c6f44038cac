/**
 * How late events reach many subscribers of one room: Undertone's gateway and bare Socket.IO with the same load, each with
 * server processes and subscriber processes of its own, one after the other in one run. With `--nodes 2` the subscribers are
 * spread over two servers that share a Redis, and the events are those of a room at the first; bare Socket.IO has the adapter for
 * Redis streams then.
 */
import { randomBytes } from 'node:crypto';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchOptions } from '../bench.ts';
import { RedisServer, WITHOUT_REDIS } from '../redis.ts';
import type { FanoutLoad, FromServer, FromSubscribers, ServerRole, SubscribersResult } from './fanout/messages.ts';
import { quantile, round } from './shared/statistics.ts';

export const summary = 'lateness of 20 finals a second to 1,000 subscribers, beside bare Socket.IO';
export const usage = `Usage: npm run bench -- fanout [--json] [-- OPTIONS]

  --subscribers N   of the room, spread evenly over the nodes (1000)
  --rate N          finals a second (20)
  --seconds N       (30)
  --nodes N         servers that share a Redis of the benchmark's own (1: no Redis)
  --processes N     of subscribers (a core each, but one; at least as many as there are nodes)`;

const SETTLE_MS = 1_000;
/** What was sent last has this long to arrive. */
const DRAIN_MS = 5_000;

type Kind = ServerRole['kind'];

interface Setup {
  kind: Kind;
  nodes: number;
  redisUrl: string | undefined;
  subscribers: number;
  processes: number;
}

interface Row {
  server: Kind;
  nodes: number;
  subscribers: number;
  finalsPerSecond: number;
  seconds: number;
  sent: number;
  received: number;
  lost: number;
  outOfOrder: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Of all nodes together. */
  serverCpuPercent: number;
  serverRssMb: number;
}

/** @throws Error naming the option, its value and what is allowed */
function whole(name: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name}: ${value} is not allowed; allowed: a whole number above 0`);
}

export async function run({ progress, args }: BenchOptions): Promise<Row[]> {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      subscribers: { type: 'string', default: '1000' },
      rate: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '30' },
      processes: { type: 'string', default: String(Math.max(1, Math.min(4, availableParallelism() - 1))) },
      nodes: { type: 'string', default: '1' },
    },
  });
  const load: FanoutLoad = { perSecond: whole('rate', values.rate), seconds: whole('seconds', values.seconds) };
  const nodes = whole('nodes', values.nodes);
  const subscribers = whole('subscribers', values.subscribers);
  const processes = Math.max(nodes, whole('processes', values.processes));
  if (nodes > 1 && WITHOUT_REDIS) throw new Error(`--nodes: ${WITHOUT_REDIS}`);
  const rows: Row[] = [];
  for (const kind of ['undertone', 'bare-socket.io'] as const) {
    const at = nodes === 1 ? '' : ` at ${nodes} nodes`;
    progress(`${kind}: ${subscribers} subscribers${at}, ${load.perSecond} finals a second for ${load.seconds} s`);
    const redis = nodes > 1 ? await RedisServer.start() : undefined;
    try {
      rows.push(await measure({ kind, nodes, redisUrl: redis?.url, subscribers, processes }, load));
    } finally {
      await redis?.close();
    }
  }
  return rows;
}

const start = (file: string, ...args: string[]) =>
  fork(new URL(`fanout/${file}.ts`, import.meta.url), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

/** The next message of a kind; a process that ends first is an error. */
async function message<T extends { is: string }>(child: ChildProcess, is: T['is']): Promise<T> {
  const ended = new AbortController();
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.at(-1)} ended with ${String(code)} before it said ${is}`);
  });
  exit.catch(() => undefined);
  const said = new Promise<T>((resolve) => {
    const listen = (one: T) => {
      if (one.is !== is) return;
      child.off('message', listen);
      resolve(one);
    };
    child.on('message', listen);
  });
  try {
    return await Promise.race([said, exit]);
  } finally {
    ended.abort();
  }
}

async function measure(setup: Setup, load: FanoutLoad): Promise<Row> {
  const { kind, nodes, redisUrl, subscribers, processes } = setup;
  const tokenSecret = randomBytes(32).toString('base64url');
  const children: ChildProcess[] = [];
  try {
    const servers: { child: ChildProcess; url: string; token: string | undefined }[] = [];
    for (let node = 0; node < nodes; node++) {
      const role: ServerRole = { kind, tokenSecret, owner: node === 0, ...(redisUrl !== undefined && { redisUrl }) };
      const child = start('server', JSON.stringify(role));
      children.push(child);
      servers.push({ child, ...(await message<FromServer & { is: 'ready' }>(child, 'ready')) });
    }
    const { token } = servers[0]!;
    const groups = Array.from({ length: processes }, (_, index) => {
      const count = Math.floor(subscribers / processes) + (index < subscribers % processes ? 1 : 0);
      return start('subscribers', servers[index % nodes]!.url, token!, String(count));
    });
    children.push(...groups);
    await Promise.all(groups.map((child) => message<FromSubscribers & { is: 'ready' }>(child, 'ready')));
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const done = await Promise.all(
      servers.map(({ child }, node) => {
        child.send(node === 0 ? load : { ...load, perSecond: 0 });
        return message<FromServer & { is: 'done' }>(child, 'done');
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
    const results = await Promise.all(
      groups.map((child) => {
        const result = message<FromSubscribers & { is: 'result' }>(child, 'result');
        child.send('stop');
        return result;
      }),
    );
    return rowOf(setup, load, done, results);
  } finally {
    // They end when nobody speaks to them any more; Redis is theirs until then.
    const exits = children.filter(({ exitCode }) => exitCode === null).map((child) => once(child, 'exit'));
    for (const child of children) if (child.connected) child.disconnect();
    await Promise.all(exits);
  }
}

function rowOf(
  { kind, nodes, subscribers }: Setup,
  { perSecond, seconds }: FanoutLoad,
  done: (FromServer & { is: 'done' })[],
  results: SubscribersResult[],
): Row {
  const sent = done.reduce((sum, node) => sum + node.sent, 0);
  const all = (value: (node: FromServer & { is: 'done' }) => number) =>
    round(done.reduce((sum, node) => sum + value(node), 0));
  const lateness = results.flatMap(({ lateMs }) => lateMs);
  const late = (share: number): number => round(quantile(lateness, share));
  return {
    server: kind,
    nodes,
    subscribers,
    finalsPerSecond: perSecond,
    seconds,
    sent,
    received: lateness.length,
    lost: sent * subscribers - lateness.length,
    outOfOrder: results.reduce((sum, result) => sum + result.outOfOrder, 0),
    p50Ms: late(0.5),
    p95Ms: late(0.95),
    p99Ms: late(0.99),
    maxMs: late(1),
    serverCpuPercent: all(({ cpuPercent }) => cpuPercent),
    serverRssMb: all(({ rssMb }) => rssMb),
  };
}
