import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { freePort } from './free-port.ts';

const START_MS = 10_000;

/** Why tests with Redis have to be skipped; false where they need not. */
export const WITHOUT_REDIS =
  spawnSync('redis-server', ['--version']).status === 0
    ? false
    : 'there is no redis-server: install the Debian package redis-server';

/** A Redis of the test's own, in memory only. */
export class RedisServer {
  readonly port: number;
  readonly #dir = mkdtempSync(join(tmpdir(), 'undertone-redis-'));
  #child: ChildProcess | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, or starts it again, empty. */
  async start(): Promise<void> {
    // Uncompressed, so that DUMP shows each byte that is kept.
    const settings = {
      port: this.port,
      bind: '127.0.0.1',
      save: '',
      appendonly: 'no',
      rdbcompression: 'no',
      dir: this.#dir,
    };
    const child = spawn(
      'redis-server',
      Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]),
    );
    this.#child = child;
    let output = '';
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`redis-server did not start:\n${output}`)), START_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (/Ready to accept connections/.test(output)) resolve();
    });
    child.once('exit', () => reject(new Error(`redis-server ended:\n${output}`)));
    await promise.finally(() => clearTimeout(timer));
  }

  /** Ends it, with all that it held. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** All that it holds: keys, and each byte of their values. */
  async everything(): Promise<string> {
    const client = createClient({ url: this.url, RESP: 2 });
    await client.connect();
    const binary = client.withTypeMapping({ 36: Buffer });
    try {
      const texts: string[] = [];
      for await (const keys of client.scanIterator()) {
        for (const key of keys) texts.push(key, String((await binary.dump(key))?.toString('latin1')));
      }
      return texts.join('\n');
    } finally {
      client.destroy();
    }
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
