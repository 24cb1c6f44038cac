import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger as Pino } from 'pino';
import { AuditError, createUndertone } from '../plugin/index.ts';
import { PACKAGE_DIR } from '../plugin/paths.ts';
import type { Undertone } from '../plugin/UndertoneTypes.ts';
import { Cluster } from './cluster/Cluster.ts';
import { checkConfig } from './config/check.ts';
import { ConfigError } from './config/ConfigError.ts';
import type { Config, ConfigInput } from './config/schema.ts';
import { Gateway } from './gateway/Gateway.ts';
import { noticeFor } from './gateway/notice.ts';
import { toRequestError } from './gateway/toRequestError.ts';
import { Tokens } from './gateway/access/Tokens.ts';
import { createApp } from './http/createApp.ts';
import { JoinLimiter } from './http/JoinLimiter.ts';
import { createLog } from './http/log.ts';
import { Metrics } from './http/Metrics.ts';
import { usePage } from './http/page.ts';
import { meetingRoutes } from './http/routes/meetings.ts';
import { operationRoutes } from './http/routes/operations.ts';
import { pageRoutes } from './http/routes/page.ts';
import { personalDataRoutes } from './http/routes/personalData.ts';
import { releaseRoutes } from './http/routes/releases.ts';
import { referenceRoutes } from './http/routes/reference.ts';
import { revocationRoutes } from './http/routes/revocations.ts';
import { roomRoutes } from './http/routes/rooms.ts';
import type { RouteContext } from './http/routes/RouteContext.ts';
import { sampleRoutes } from './http/routes/sample.ts';
import { liveCalls } from './privacy/liveCalls.ts';
import { otherServers } from './privacy/otherServers.ts';
import { PersonalData } from './privacy/PersonalData.ts';
import { recoveryBuffers } from './privacy/recoveryBuffers.ts';
import { storedMeetings } from './privacy/storedMeetings.ts';
import { Meetings } from './meetings/index.ts';
import { SampleMeeting } from './sample/SampleMeeting.ts';
import { MeetingViews } from './replay/MeetingViews.ts';
import { Replays } from './replay/Replays.ts';
import { mediaAddress } from './sfu/mediaAddress.ts';
import { Rooms } from './sfu/Rooms.ts';
import { SampleCalls, type CreateSamplePlayer } from './sfu/SampleCalls.ts';
import { WorkerPool } from './sfu/WorkerPool.ts';
import { warnOfLabels } from './webhooks/warnOfLabels.ts';
import { Webhooks } from './webhooks/Webhooks.ts';

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
  /** Export and erasure; what keeps data about participants registers here. */
  readonly personalData: PersonalData;
  /** Undefined where nothing is kept. */
  readonly meetings: Meetings | undefined;
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
  const sampleMeeting = config.sampleMeeting ? await SampleMeeting.read() : undefined;
  const meetings = await Meetings.open({ config, log, version });
  // Both take their time; neither needs the other.
  const [poolStarted, undertoneStarted] = await Promise.allSettled([
    pool.start(),
    given.undertone ?? startUndertone(config, log),
  ]);
  if (poolStarted.status === 'rejected' || undertoneStarted.status === 'rejected') {
    pool.close();
    await meetings?.close(0);
    if (undertoneStarted.status === 'fulfilled') await undertoneStarted.value.close();
    throw poolStarted.status === 'rejected' ? poolStarted.reason : (undertoneStarted as PromiseRejectedResult).reason;
  }
  const undertone = undertoneStarted.value;
  warnOfLabels(config, undertone.labelSets(), log);
  const { url } = config.redis;
  const cluster = url === undefined ? undefined : new Cluster({ redis: { ...config.redis, url }, toRequestError, log });
  await cluster?.open();
  const server = new RunningServer({ config, log, app, pool, undertone, meetings, sampleMeeting, cluster, given });
  await server.prepare();
  return server;
}

async function startUndertone({ analysis, alerts, purpose, consent }: Config, logger: Pino): Promise<Undertone> {
  const audit = { file: consent.auditFile, key: consent.auditKey };
  try {
    return await createUndertone({ ...analysis, alerts: alerts.rules, purpose, audit, logger });
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw new ConfigError([{ key: 'consent.auditFile', from: 'configuration', message: error.message }]);
  }
}

interface Parts {
  config: Config;
  log: Pino;
  app: FastifyInstance;
  pool: WorkerPool;
  undertone: Undertone;
  meetings: Meetings | undefined;
  sampleMeeting: SampleMeeting | undefined;
  cluster: Cluster | undefined;
  given: ServerDependencies;
}

class RunningServer implements Server {
  readonly config: Config;
  readonly undertone: Undertone;
  readonly rooms: Rooms;
  readonly pool: WorkerPool;
  readonly personalData: PersonalData;
  readonly meetings: Meetings | undefined;
  readonly #app: FastifyInstance;
  readonly #gateway: Gateway;
  readonly #webhooks: Webhooks;
  readonly #metrics: Metrics;
  readonly #cluster: Cluster | undefined;
  readonly #routes: RouteContext;
  readonly #pageDir: string | undefined;
  #closing: Promise<void> | undefined;
  #url = '';

  constructor({ config, log, app, pool, undertone, meetings, sampleMeeting, cluster, given }: Parts) {
    this.config = config;
    this.undertone = undertone;
    this.pool = pool;
    this.meetings = meetings;
    this.#app = app;
    this.#cluster = cluster;
    this.#pageDir = given.pageDir;
    const lastSeq = meetings && ((roomId: string) => meetings.lastSeq(roomId));
    const notice = noticeFor(config);
    const { version: noticeVersion, ...facts } = notice;
    undertone.audit.append({ action: 'notice.published', by: 'host', noticeVersion, facts });
    this.rooms = new Rooms({
      config,
      pool,
      undertone,
      noticeVersion,
      lastSeq,
      claims: cluster?.directory,
      emptyGraceMs: given.emptyGraceMs,
    });
    cluster?.on('lost', (roomId) => this.rooms.get(roomId)?.close('moved'));
    const tokens = new Tokens(config);
    const { rooms } = this;
    const views =
      meetings || sampleMeeting ? new MeetingViews({ kept: meetings?.store, sample: sampleMeeting }) : undefined;
    const replays = views && new Replays({ views, limits: config.limits, log });
    this.#gateway = new Gateway(app.server, { config, rooms, undertone, tokens, notice, replays, cluster, log });
    meetings?.follow(rooms, undertone, noticeVersion);
    this.#webhooks = new Webhooks({ config, version, log });
    rooms.on('open', (room) => this.#webhooks.follow(room));
    this.#metrics = new Metrics({ rooms, undertone, pool, gateway: this.#gateway, webhooks: this.#webhooks, meetings });
    this.personalData = new PersonalData(undertone.audit, log);
    this.personalData.register(liveCalls(rooms));
    this.personalData.register(recoveryBuffers(this.#gateway));
    if (meetings) this.personalData.register(storedMeetings(meetings.store));
    const { group } = this.#gateway;
    if (group) {
      group.answerFor(this.personalData.here());
      this.personalData.register(otherServers(group));
    }
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
      gateway: this.#gateway,
      notice,
      samples,
      meetings,
      metrics: this.#metrics,
      joins: new JoinLimiter(config.limits.joinsPerMinute),
      privacyLimit: new JoinLimiter(config.limits.personalDataPerMinute),
      personalData: this.personalData,
      views,
      sampleMeeting: sampleMeeting?.id,
      cluster,
      closing: () => this.#closing !== undefined,
    };
  }

  get url(): string {
    return this.#url;
  }

  async prepare(): Promise<void> {
    roomRoutes(this.#app, this.#routes);
    sampleRoutes(this.#app, this.#routes);
    meetingRoutes(this.#app, this.#routes);
    pageRoutes(this.#app, this.#routes);
    operationRoutes(this.#app, this.#routes);
    revocationRoutes(this.#app, this.#routes);
    releaseRoutes(this.#app, this.#routes);
    personalDataRoutes(this.#app, this.#routes);
    referenceRoutes(this.#app);
    await usePage(this.#app, this.#pageDir);
    await this.#app.ready();
    await this.#gateway.group?.ready();
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
    await Promise.all([
      this.undertone.close(),
      this.#gateway.close(),
      this.#webhooks.close(this.config.shutdownMs / 2),
      this.meetings?.close(this.config.shutdownMs / 2),
    ]);
    this.#cluster?.close();
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
