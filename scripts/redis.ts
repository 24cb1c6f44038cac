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

/** Why tests with TLS have to be skipped; false where they need not. */
export const WITHOUT_REDIS_TLS = WITHOUT_REDIS || withoutTls();

function withoutTls(): string | false {
  // One that knows TLS says what it lacks; another does not know the setting.
  const { stdout } = spawnSync('redis-server', ['--port', '0', '--tls-port', '1'], { encoding: 'utf8' });
  if (!stdout.includes('tls-cert-file')) return 'this redis-server was built without TLS';
  return spawnSync('openssl', ['version']).status === 0 ? false : 'there is no openssl to make a certificate with';
}

/** What a Redis with TLS shows, and the authority that vouches for it: its own. */
export interface Certificate {
  certFile: string;
  keyFile: string;
}

/** Makes a certificate of its own for this machine. */
export function makeCertificate(dir: string): Certificate {
  const certFile = join(dir, 'cert.pem');
  const keyFile = join(dir, 'key.pem');
  const args = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
  const files = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certFile];
  const { status, stderr } = spawnSync('openssl', [...args.split(' '), ...files], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
  return { certFile, keyFile };
}

export interface RedisServerOptions {
  password?: string;
  /** TLS and nothing else. */
  tls?: Certificate;
}

/** A Redis of the test's own, in memory only. */
export class RedisServer {
  readonly port: number;
  readonly #dir = mkdtempSync(join(tmpdir(), 'undertone-redis-'));
  readonly #options: RedisServerOptions;
  #child: ChildProcess | undefined;

  private constructor(port: number, options: RedisServerOptions) {
    this.port = port;
    this.#options = options;
  }

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    await server.start();
    return server;
  }

  get url(): string {
    const { tls, password } = this.#options;
    return `${tls ? 'rediss' : 'redis'}://${password === undefined ? '' : `:${password}@`}127.0.0.1:${this.port}`;
  }

  /** Starts it, or starts it again, empty. */
  async start(): Promise<void> {
    const { tls, password } = this.#options;
    // Uncompressed, so that DUMP shows each byte that is kept.
    const settings = {
      ...(tls
        ? {
            port: 0,
            'tls-port': this.port,
            'tls-cert-file': tls.certFile,
            'tls-key-file': tls.keyFile,
            'tls-auth-clients': 'no',
          }
        : { port: this.port }),
      ...(password !== undefined && { requirepass: password }),
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
