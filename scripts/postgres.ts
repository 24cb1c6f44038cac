/** A PostgreSQL of one's own, for tests and benchmarks. */
import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { freePort } from './free-port.ts';

/** Where Debian puts the programs of PostgreSQL, which it keeps out of PATH; elsewhere they are in it. */
function programs(): string | undefined {
  const folders = [
    ...globSync('/usr/lib/postgresql/*/bin').sort().reverse(),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** PostgreSQL refuses to run as root: then somebody without rights runs it. */
function unprivileged(): { uid: number; gid: number } | undefined {
  const number = (option: string, user: string) => Number(spawnSync('id', [option, user], { encoding: 'utf8' }).stdout);
  const user = ['postgres', 'nobody'].find((name) => spawnSync('id', [name], { stdio: 'ignore' }).status === 0);
  return user === undefined ? undefined : { uid: number('-u', user), gid: number('-g', user) };
}

/** Why a test that needs PostgreSQL is skipped; false where it can be had. */
export function withoutPostgres(): string | false {
  if (programs() === undefined) return 'PostgreSQL is not installed: apt-get install postgresql';
  if (process.getuid?.() === 0 && !unprivileged()) return 'PostgreSQL does not run as root, and there is nobody else';
  return false;
}

export interface PostgresServer {
  readonly folder: string;
  readonly port: number;
  /** Of the process that all others of the server are children of. */
  readonly pid: number;
  /** A new, empty database. */
  database(): Promise<string>;
  /** Ends the server as a power cut would (`SIGQUIT`), or in good order; the data stay. */
  stop(signal?: 'SIGQUIT' | 'SIGINT'): Promise<void>;
  start(): Promise<void>;
  /** Ends it, and takes its data away. */
  close(): Promise<void>;
}

/** Starts a PostgreSQL of its own on a free port of this machine, with its data in a temporary folder. */
export async function startPostgres(settings: Record<string, string> = {}): Promise<PostgresServer> {
  const bin = programs();
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'undertone-pg-'));
  const data = join(folder, 'data');
  const who = process.getuid?.() === 0 ? unprivileged() : undefined;
  if (who) chownSync(folder, who.uid, who.gid);
  const options: SpawnOptions = { ...who, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] };
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'undertone', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...who, cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const port = await freePort();
  const flags = Object.entries({ fsync: 'off', max_connections: '40', shared_buffers: '32MB', ...settings });
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder];
  let child: ReturnType<typeof spawn> | undefined;

  const start = async () => {
    const started = spawn(
      join(bin, 'postgres'),
      [...args, ...flags.flatMap(([key, value]) => ['-c', `${key}=${value}`])],
      options,
    );
    child = started;
    let said = '';
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    createInterface({ input: started.stderr! }).on('line', (line) => {
      said += `${line}\n`;
      if (line.includes('database system is ready')) resolve();
    });
    started.stdout!.resume();
    started.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}:\n${said}`)));
    await promise;
  };
  const stop = async (signal: 'SIGQUIT' | 'SIGINT' = 'SIGINT') => {
    const running = child;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, 'exit');
    running.kill(signal);
    await exited;
  };
  await start();
  let databases = 0;
  return {
    folder,
    port,
    get pid() {
      return child?.pid ?? 0;
    },
    async database() {
      const name = `meetings${++databases}`;
      const client = new pg.Client(`postgres://undertone@127.0.0.1:${port}/postgres`);
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return `postgres://undertone@127.0.0.1:${port}/${name}`;
    },
    stop,
    start,
    async close() {
      await stop('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
