/**
 * How late events reach many subscribers of one room: Undertone's gateway and bare Socket.IO with the same load, each with a
 * server process and subscriber processes of its own, one after the other in one run.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchOptions } from '../bench.ts';
import type { FanoutLoad, FromServer, FromSubscribers, SubscribersResult } from './fanout/messages.ts';
import { quantile, round } from './statistics.ts';

export const summary = 'lateness of 20 finals a second to 1,000 subscribers, beside bare Socket.IO';

const SETTLE_MS = 1_000;
/** What was sent last has this long to arrive. */
const DRAIN_MS = 5_000;

type Kind = 'undertone' | 'bare-socket.io';

interface Row {
  server: Kind;
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
  serverCpuPercent: number;
  serverRssMb: number;
}

export async function run({ progress, args }: BenchOptions): Promise<Row[]> {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      subscribers: { type: 'string', default: '1000' },
      rate: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '30' },
      processes: { type: 'string', default: String(Math.max(1, Math.min(4, availableParallelism() - 1))) },
    },
  });
  const load: FanoutLoad = { perSecond: Number(values.rate), seconds: Number(values.seconds) };
  const rows: Row[] = [];
  for (const kind of ['undertone', 'bare-socket.io'] as const) {
    progress(`${kind}: ${values.subscribers} subscribers, ${load.perSecond} finals a second for ${load.seconds} s`);
    rows.push(await measure(kind, Number(values.subscribers), Number(values.processes), load));
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

async function measure(kind: Kind, subscribers: number, processes: number, load: FanoutLoad): Promise<Row> {
  const server = start('server', kind);
  const children: ChildProcess[] = [server];
  try {
    const { url, token } = await message<FromServer & { is: 'ready' }>(server, 'ready');
    const groups = Array.from({ length: processes }, (_, index) => {
      const count = Math.floor(subscribers / processes) + (index < subscribers % processes ? 1 : 0);
      return start('subscribers', url, token, String(count));
    });
    children.push(...groups);
    await Promise.all(groups.map((child) => message<FromSubscribers & { is: 'ready' }>(child, 'ready')));
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    server.send(load);
    const done = await message<FromServer & { is: 'done' }>(server, 'done');
    await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
    const results = await Promise.all(
      groups.map((child) => {
        const result = message<FromSubscribers & { is: 'result' }>(child, 'result');
        child.send('stop');
        return result;
      }),
    );
    return rowOf(kind, subscribers, load, done, results);
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
  }
}

function rowOf(
  kind: Kind,
  subscribers: number,
  { perSecond, seconds }: FanoutLoad,
  done: FromServer & { is: 'done' },
  results: SubscribersResult[],
): Row {
  const lateness = results.flatMap(({ lateMs }) => lateMs);
  const late = (share: number): number => round(quantile(lateness, share));
  return {
    server: kind,
    subscribers,
    finalsPerSecond: perSecond,
    seconds,
    sent: done.sent,
    received: lateness.length,
    lost: done.sent * subscribers - lateness.length,
    outOfOrder: results.reduce((sum, result) => sum + result.outOfOrder, 0),
    p50Ms: late(0.5),
    p95Ms: late(0.95),
    p99Ms: late(0.99),
    maxMs: late(1),
    serverCpuPercent: round(done.cpuPercent),
    serverRssMb: round(done.rssMb),
  };
}
