/** One node of the fan-out benchmark: Undertone whole, or a Socket.IO server that emits the same events to one room. */
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from 'redis';
import { Server as SocketServer } from 'socket.io';
import type { EmotionFinal } from '../../../plugin/index.ts';
import { createServer } from '../../../server/index.ts';
import { nowMs, ROOM, type FanoutLoad, type FromServer, type ServerRole } from './messages.ts';

const GOLDEN = new URL('../../../plugin/events/contract/v1/golden/emotion.final.json', import.meta.url);
const MODEL = fileURLToPath(new URL('../../../test/fixtures/model-tiny', import.meta.url));
const final = { ...(JSON.parse(readFileSync(GOLDEN, 'utf8')) as EmotionFinal), roomId: ROOM };

interface Running {
  url: string;
  /** Undefined where the room is not opened. */
  token: string | undefined;
  /** Number of the last event before the first. */
  seq: number;
  emit(event: EmotionFinal): void;
  close(): Promise<void>;
}

async function undertone({ redisUrl, tokenSecret, owner }: ServerRole): Promise<Running> {
  const server = await createServer({
    port: 0,
    workers: 1,
    logLevel: 'silent',
    tokenSecret,
    ...(redisUrl !== undefined && { redis: { url: redisUrl } }),
    analysis: { model: MODEL, provider: 'cpu' },
    limits: { connectionsPerAddress: 100_000 },
  });
  const url = await server.listen();
  const close = () => server.close();
  if (!owner) return { url, token: undefined, seq: 0, emit: () => undefined, close };
  const response = await fetch(`${url}/v1/rooms/${ROOM}/participants`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ displayName: 'Bench' }),
  });
  const { token } = (await response.json()) as { token: string };
  const { observer } = server.rooms.get(ROOM)!;
  return { url, token, seq: observer.seq, emit: (event) => void observer.emit('event', event), close };
}

async function bare({ redisUrl }: ServerRole): Promise<Running> {
  const http = createHttpServer();
  const redis = redisUrl === undefined ? undefined : createClient({ url: redisUrl, RESP: 2 });
  await redis?.connect();
  const io = new SocketServer(http, { serveClient: false, ...(redis && { adapter: createAdapter(redis) }) });
  const namespace = io.of('/emotion');
  namespace.on('connection', (socket) => {
    socket.on('subscribe', ({ roomId }: { roomId: string }, done: (reply: object) => void) => {
      void socket.join(roomId);
      done({ ok: true, seq: 0 });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token: 'none',
    seq: 0,
    emit: (event) => namespace.to(ROOM).emit(event.type, event),
    close: async () => {
      await io.close();
      redis?.destroy();
    },
  };
}

const tell = (message: FromServer) => process.send!(message);

const role = JSON.parse(process.argv[2]!) as ServerRole;
const server = await (role.kind === 'undertone' ? undertone(role) : bare(role));
process.on('disconnect', () => void server.close().then(() => process.exit(0)));
process.once('message', ({ perSecond, seconds }: FanoutLoad) => {
  const startedMs = nowMs();
  const cpu = process.cpuUsage();
  const wanted = perSecond * seconds;
  let sent = 0;
  const done = () => {
    const { user, system } = process.cpuUsage(cpu);
    const cpuPercent = (user + system) / 10 / (nowMs() - startedMs);
    tell({ is: 'done', sent, cpuPercent, rssMb: process.memoryUsage.rss() / 2 ** 20 });
  };
  const next = () => {
    sent += 1;
    // The moment of sending travels in the event: `endToEndMs` is no use of this benchmark.
    server.emit({ ...final, seq: server.seq + sent, timing: { ...final.timing, endToEndMs: nowMs() } });
    if (sent < wanted) setTimeout(next, Math.max(0, startedMs + (sent * 1_000) / perSecond - nowMs()));
    else done();
  };
  if (wanted > 0) next();
  else setTimeout(done, seconds * 1_000);
});
tell({ is: 'ready', url: server.url, token: server.token });
