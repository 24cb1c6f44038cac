import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext } from 'node:test';
import { openStore, type MeetingStore, type StorePlace } from '../../server/store/index.ts';
import { startPostgres, withoutPostgres, type PostgresServer } from '../support/postgres.ts';

export interface Place {
  kind: 'sqlite' | 'postgres';
  /** A place where nothing is yet. */
  fresh(): Promise<StorePlace>;
  /** A store in such a place, closed after the test. */
  open(t: Pick<TestContext, 'after'>, place?: StorePlace): Promise<MeetingStore>;
  postgres(): PostgresServer;
}

async function openClosed(t: Pick<TestContext, 'after'>, place: StorePlace) {
  const store = await openStore(place);
  t.after(() => store.close());
  return store;
}

/** Runs the same tests on a SQLite file and on a PostgreSQL that is started for them. */
export function onBothStores(title: string, tests: (place: Place) => void): void {
  describe(`${title}, in SQLite`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'undertone-store-'));
    after(() => rmSync(folder, { recursive: true, force: true }));
    let files = 0;
    const fresh = async () => ({ file: join(folder, `meetings-${++files}.db`) });
    tests({
      kind: 'sqlite',
      fresh,
      open: async (t, place) => openClosed(t, place ?? (await fresh())),
      postgres: () => {
        throw new Error('this is SQLite');
      },
    });
  });
  describe(`${title}, in PostgreSQL`, { skip: withoutPostgres() }, () => {
    let server: PostgresServer;
    before(async () => {
      server = await startPostgres();
    });
    after(() => server.close());
    const fresh = async () => ({ file: 'unused', postgresUrl: await server.database() });
    tests({
      kind: 'postgres',
      fresh,
      open: async (t, place) => openClosed(t, place ?? (await fresh())),
      postgres: () => server,
    });
  });
}
