/** How fast meetings are kept and opened: SQLite and PostgreSQL with the same events, one after the other in one run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchOptions } from '../bench.ts';
import { startPostgres, withoutPostgres } from '../postgres.ts';
import { measureStore, type StoreRow } from './store/measureStore.ts';
import { cpuOfServer } from './store/cpuOfServer.ts';
import { sizeOf } from './store/sizeOf.ts';

export const summary = 'a meeting of 1 million events written and opened, SQLite beside PostgreSQL';

export const usage = [
  'Usage: npm run bench -- store [--events N] [--only sqlite|postgres] [--json]',
  '',
  '  --events N   events of the meeting (default 1000000; these take about 2 GB in the temporary folder)',
  '  --only KIND  one of the two',
  '',
  'Targets: 5,000 events a second, and a page in less than 200 ms. PostgreSQL is started for it, and takes care of',
  'a loss of power (fsync) as it does by default.',
].join('\n');

export async function run({ progress, args }: BenchOptions): Promise<StoreRow[]> {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: { events: { type: 'string', default: '1000000' }, only: { type: 'string' } },
  });
  const events = Number(values.events);
  if (!Number.isInteger(events) || events < 1_000) throw new Error('--events: an integer of 1000 or more');
  if (values.only !== undefined && !['sqlite', 'postgres'].includes(values.only)) {
    throw new Error('--only: sqlite or postgres');
  }
  const rows: StoreRow[] = [];
  if (values.only !== 'postgres') rows.push(await inSqlite(events, progress));
  if (values.only !== 'sqlite') {
    const reason = withoutPostgres();
    if (reason === false) rows.push(await inPostgres(events, progress));
    else progress(reason);
  }
  return rows;
}

async function inSqlite(events: number, progress: BenchOptions['progress']): Promise<StoreRow> {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-bench-'));
  try {
    const place = { file: join(folder, 'meetings.db') };
    return await measureStore({ place, events, progress, bytes: () => sizeOf(folder) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inPostgres(events: number, progress: BenchOptions['progress']): Promise<StoreRow> {
  const server = await startPostgres({ fsync: 'on', shared_buffers: '128MB' });
  try {
    return await measureStore({
      place: { file: '', postgresUrl: await server.database() },
      events,
      progress,
      bytes: () => sizeOf(join(server.folder, 'data', 'base')),
      databaseCpuMs: () => cpuOfServer(server.pid),
    });
  } finally {
    await server.close();
  }
}
