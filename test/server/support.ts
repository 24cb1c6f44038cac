import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { createUndertone, type Undertone } from '../../plugin/index.ts';
import { createServer, type ConfigInput, type Server, type ServerDependencies } from '../../server/index.ts';

/** A model of a few kilobytes: quick to load, and all that signalling needs. */
export const TINY_MODEL = fileURLToPath(new URL('../fixtures/model-tiny', import.meta.url));

export const TEST_CONFIG = {
  port: 0,
  workers: 1,
  logLevel: 'silent',
  // What a test lists is its own.
  sampleMeeting: false,
  analysis: { model: TINY_MODEL, provider: 'cpu' },
} as const satisfies ConfigInput;

export const tinyUndertone = (): Promise<Undertone> => createUndertone({ model: TINY_MODEL, provider: 'cpu' });

/** A whole server on a free port. */
export async function openServer(config: ConfigInput = {}, dependencies: ServerDependencies = {}): Promise<Server> {
  const server = await createServer({ ...TEST_CONFIG, ...config }, dependencies);
  await server.listen();
  return server;
}

/** The same, closed after the test. */
export async function startServer(
  t: Pick<TestContext, 'after'>,
  config: ConfigInput = {},
  dependencies: ServerDependencies = {},
): Promise<Server> {
  const server = await openServer(config, dependencies);
  t.after(() => server.close());
  return server;
}

/** A log whose lines a test can read. */
export function recordedLog(level = 'trace') {
  const lines: string[] = [];
  return { lines, log: pino({ level, base: undefined }, { write: (line: string) => void lines.push(line) }) };
}

export interface Registered {
  roomId: string;
  participantId: string;
  token: string;
  displayName: string;
  notice: { version: string; title: string; text: string[]; visibility: string };
  labels: { id?: string; labels: string[] };
}

export async function post(server: Server, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

export async function get(server: Server, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server.url}${path}`);
  return { status: response.status, body: await response.json() };
}

export async function register(server: Server, roomId: string, displayName = 'Ada'): Promise<Registered> {
  const { status, body } = await post(server, `/v1/rooms/${roomId}/participants`, { displayName });
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body as Registered;
}

export type Ack = { ok: boolean; error?: { code: string; message: string; field?: string } } & Record<string, unknown>;

/** A client of one namespace. */
export class Client {
  readonly socket: Socket;
  /** Everything the server sent, in order. */
  readonly received: { name: string; payload: Record<string, unknown> }[] = [];

  /** @param contract - version that it says it reads; nothing by default */
  constructor(server: Server, namespace: '/call' | '/emotion', token: unknown, contract?: unknown) {
    this.socket = io(`${server.url}${namespace}`, {
      auth: { token, ...(contract !== undefined && { contract }) },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    this.socket.onAny((name: string, payload: Record<string, unknown>) => this.received.push({ name, payload }));
  }

  /** Resolves when the server has let the client in, rejects with `connect_error`. */
  connected(): Promise<this> {
    if (this.socket.connected) return Promise.resolve(this);
    const { promise, resolve, reject } = Promise.withResolvers<this>();
    this.socket.once('connect', () => resolve(this));
    this.socket.once('connect_error', reject);
    return promise;
  }

  request(name: string, ...payload: unknown[]): Promise<Ack> {
    return this.socket.timeout(10_000).emitWithAck(name, ...payload) as Promise<Ack>;
  }

  /** The first event of that name, past or to come. */
  async event(name: string, timeoutMs = 10_000): Promise<Record<string, unknown>> {
    const past = this.received.find((event) => event.name === name);
    if (past) return past.payload;
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    const timer = setTimeout(() => {
      const names = this.received.map((event) => event.name).join(', ');
      reject(new Error(`no ${name} within ${timeoutMs} ms; there were: ${names || 'none'}`));
    }, timeoutMs);
    this.socket.once(name, resolve);
    return promise.finally(() => clearTimeout(timer));
  }

  /** Resolves with the reason when the connection ends. */
  disconnected(timeoutMs = 10_000): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = setTimeout(() => reject(new Error(`still connected after ${timeoutMs} ms`)), timeoutMs);
    this.socket.once('disconnect', resolve);
    return promise.finally(() => clearTimeout(timer));
  }

  close(): void {
    this.socket.disconnect();
  }
}

export async function connect(
  t: Pick<TestContext, 'after'>,
  server: Server,
  namespace: '/call' | '/emotion',
  token: unknown,
): Promise<Client> {
  const client = new Client(server, namespace, token);
  t.after(() => client.close());
  return client.connected();
}

/** What a browser sending Opus says. */
export const microphone = (ssrc = 1_111) => ({
  codecs: [
    { mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2, parameters: { useinbandfec: 1 } },
  ],
  headerExtensions: [],
  encodings: [{ ssrc }],
  rtcp: { cname: 'test' },
});

/** What a browser sending VP8 in two simulcast layers says. */
export const simulcastCamera = (ssrc = 2_222) => ({
  codecs: [
    { mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000, rtcpFeedback: [{ type: 'nack', parameter: 'pli' }] },
  ],
  headerExtensions: [],
  encodings: [{ ssrc }, { ssrc: ssrc + 1 }],
  rtcp: { cname: 'test' },
});

interface Refusal extends Error {
  data: { code: string; message: string; field?: string };
}

/** Why the server does not let in who holds the token; fails where it does. */
export async function refusal(
  server: Server,
  namespace: '/call' | '/emotion',
  token: unknown,
): Promise<Refusal['data']> {
  const client = new Client(server, namespace, token);
  try {
    await client.connected();
  } catch (error) {
    return (error as Refusal).data;
  } finally {
    client.close();
  }
  throw new Error('the token was accepted');
}

/** In the call, and connected to its events. */
export async function enter(t: TestContext, server: Server, roomId: string, displayName = 'Ada') {
  const registered = await register(server, roomId, displayName);
  const call = await connect(t, server, '/call', registered.token);
  const joined = await call.request('join', {});
  if (!joined.ok) throw new Error(JSON.stringify(joined));
  const client = await connect(t, server, '/emotion', registered.token);
  return { ...registered, call, client };
}
