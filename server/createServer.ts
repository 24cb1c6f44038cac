import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger as Pino } from 'pino';
import { createUndertone } from '../plugin/index.ts';
import { PACKAGE_DIR } from '../plugin/paths.ts';
import type { Undertone } from '../plugin/UndertoneTypes.ts';
import { checkConfig } from './config/check.ts';
import { ConfigError } from './config/ConfigError.ts';
import type { Config, ConfigInput } from './config/schema.ts';
import { Gateway } from './gateway/Gateway.ts';
import { noticeFor } from './gateway/notice.ts';
import { Tokens } from './gateway/Tokens.ts';
import { createApp } from './http/createApp.ts';
import { JoinLimiter } from './http/JoinLimiter.ts';
import { createLog } from './http/log.ts';
import { Metrics } from './http/Metrics.ts';
import { usePage } from './http/page.ts';
import { operationRoutes } from './http/routes/operations.ts';
import { pageRoutes } from './http/routes/page.ts';
import { roomRoutes } from './http/routes/rooms.ts';
import type { RouteContext } from './http/routes/RouteContext.ts';
import { sampleRoutes } from './http/routes/sample.ts';
import { mediaAddress } from './sfu/mediaAddress.ts';
import { Rooms } from './sfu/Rooms.ts';
import { SampleCalls, type CreateSamplePlayer } from './sfu/SampleCalls.ts';
import { WorkerPool } from './sfu/WorkerPool.ts';

/** Parts that may be brought along, mostly by tests. */
export interface ServerDependencies {
  /** Closed with the server. @default createUndertone(config.analysis) */
  undertone?: Undertone;
  /** @default one that writes to stdout at `config.logLevel` */
  log?: Pino;
  createSamplePlayer?: CreateSamplePlayer;
  /** Folder of the built page. @default dist/web of the package */
  pageDir?: string;
  /** How long a room stays open with nobody in it. @default 30000 */
  emptyGraceMs?: number;
}

export interface Server {
  readonly config: Config;
  readonly undertone: Undertone;
  readonly rooms: Rooms;
  readonly pool: WorkerPool;
  /** Where the server is reached, once it listens. */
  readonly url: string;
  /**
   * Begins to serve; resolves with the URL.
   * @throws ConfigError when the port cannot be had
   */
  listen(): Promise<string>;
  /** Tells everybody, ends all calls, and ends workers and analyzer. Resolves when nothing is left. */
  close(): Promise<void>;
}

/** Loaded when it is first asked for: most servers in production never play it. */
const playSample: CreateSamplePlayer = async (options) => {
  const { createSampleCall } = await import('./sample/index.ts');
  return createSampleCall(options);
};

/** Time beyond silence and grace that the last results of a sample call may take. */
const LAST_RESULTS_MARGIN_MS = 2_000;

const { version } = JSON.parse(readFileSync(join(PACKAGE_DIR, 'package.json'), 'utf8')) as { version: string };

/**
 * Starts workers and analyzer and ties the parts together; nothing is served until `listen()`.
 *
 * @throws ConfigError for a wrong setting, naming it, its value and what is allowed
 * @throws AnalyzerError when the analyzer cannot start
 * @example
 * const server = await createServer({ port: 0, labels: ['engaged', 'confused', 'bored'] });
 * console.log(await server.listen());
 */
export async function createServer(input: ConfigInput = {}, given: ServerDependencies = {}): Promise<Server> {
  const config = checkConfig(input);
  const log = given.log ?? createLog(config.logLevel);
  const app = createApp(config, log);
  const address = await mediaAddress(config);
  const pool = new WorkerPool({ workers: config.workers, rtc: config.rtc, address, log });
  // Both take their time; neither needs the other.
  const [poolStarted, undertoneStarted] = await Promise.allSettled([
    pool.start(),
    given.undertone ?? createUndertone({ ...config.analysis, logger: log }),
  ]);
  if (poolStarted.status === 'rejected' || undertoneStarted.status === 'rejected') {
    pool.close();
    if (undertoneStarted.status === 'fulfilled') await undertoneStarted.value.close();
    throw poolStarted.status === 'rejected' ? poolStarted.reason : (undertoneStarted as PromiseRejectedResult).reason;
  }
  const undertone = undertoneStarted.value;
  const server = new RunningServer({ config, log, app, pool, undertone, given });
  await server.prepare();
  return server;
}

interface Parts {
  config: Config;
  log: Pino;
  app: FastifyInstance;
  pool: WorkerPool;
  undertone: Undertone;
  given: ServerDependencies;
}

class RunningServer implements Server {
  readonly config: Config;
  readonly undertone: Undertone;
  readonly rooms: Rooms;
  readonly pool: WorkerPool;
  readonly #app: FastifyInstance;
  readonly #gateway: Gateway;
  readonly #metrics: Metrics;
  readonly #routes: RouteContext;
  readonly #pageDir: string | undefined;
  #closing: Promise<void> | undefined;
  #url = '';

  constructor({ config, log, app, pool, undertone, given }: Parts) {
    this.config = config;
    this.undertone = undertone;
    this.pool = pool;
    this.#app = app;
    this.#pageDir = given.pageDir;
    this.rooms = new Rooms({ config, pool, undertone, emptyGraceMs: given.emptyGraceMs });
    const tokens = new Tokens({ secret: config.tokenSecret, ttlMs: config.tokenTtlMs });
    const notice = noticeFor(config);
    const { rooms } = this;
    this.#gateway = new Gateway(app.server, { config, rooms, undertone, tokens, notice, log });
    this.#metrics = new Metrics({ rooms, undertone, pool, gateway: this.#gateway });
    const { silenceMs, transcriptGraceMs } = config.analysis.utterance;
    const samples = new SampleCalls({
      rooms,
      createPlayer: given.createSamplePlayer ?? playSample,
      limit: config.limits.sampleCalls,
      lastResultsMs: silenceMs + transcriptGraceMs + LAST_RESULTS_MARGIN_MS,
      log,
    });
    this.#routes = {
      config,
      version,
      rooms,
      pool,
      undertone,
      tokens,
      notice,
      samples,
      metrics: this.#metrics,
      joins: new JoinLimiter(config.limits.joinsPerMinute),
      closing: () => this.#closing !== undefined,
    };
  }

  get url(): string {
    return this.#url;
  }

  async prepare(): Promise<void> {
    roomRoutes(this.#app, this.#routes);
    sampleRoutes(this.#app, this.#routes);
    pageRoutes(this.#app, this.#routes);
    operationRoutes(this.#app, this.#routes);
    await usePage(this.#app, this.#pageDir);
    await this.#app.ready();
  }

  async listen(): Promise<string> {
    const { host, port, tls } = this.config;
    try {
      await this.#app.listen({ host, port });
    } catch (error) {
      throw listenProblem(error as NodeJS.ErrnoException, host, port);
    }
    const { port: taken } = this.#app.server.address() as AddressInfo;
    // A browser cannot go to "all addresses".
    const name = host === '0.0.0.0' || host === '::' ? 'localhost' : isIPv6(host) ? `[${host}]` : host;
    this.#url = `${tls ? 'https' : 'http'}://${name}:${taken}`;
    return this.#url;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.rooms.closeAll('shutdown');
    // The analyzer is given its moment while the clients hear of the end.
    await Promise.all([this.undertone.close(), this.#gateway.close()]);
    this.pool.close();
    this.#metrics.close();
    await this.#app.close();
  }
}

function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const problem = (key: string, message: string) => new ConfigError([{ key, from: 'configuration', message }]);
  switch (error.code) {
    case 'EADDRINUSE':
      return problem(
        'port',
        `${port} is taken on ${host}; end the program that uses it, or choose another: --port ${port + 1}`,
      );
    case 'EACCES':
      return problem('port', `this user may not listen on ${port}; choose one above 1023, e.g. --port 3000`);
    case 'EADDRNOTAVAIL':
      return problem('host', `${host} is no address of this machine; use 127.0.0.1, 0.0.0.0 or one of its own`);
    default:
      return error;
  }
}
