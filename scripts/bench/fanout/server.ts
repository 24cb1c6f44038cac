/** The server side of the fan-out benchmark: Undertone whole, or a Socket.IO server that emits the same events to one room. */
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Server as SocketServer } from 'socket.io';
import type { EmotionFinal } from '../../../plugin/index.ts';
import { createServer } from '../../../server/index.ts';
import { nowMs, ROOM, type FanoutLoad, type FromServer } from './messages.ts';

const GOLDEN = new URL('../../../plugin/events/contract/v1/golden/emotion.final.json', import.meta.url);
const MODEL = fileURLToPath(new URL('../../../test/fixtures/model-tiny', import.meta.url));
const final = { ...(JSON.parse(readFileSync(GOLDEN, 'utf8')) as EmotionFinal), roomId: ROOM };

interface Running {
  url: string;
  token: string;
  emit(event: EmotionFinal): void;
  close(): Promise<void>;
}

async function undertone(): Promise<Running> {
  const server = await createServer({
    port: 0,
    workers: 1,
    logLevel: 'silent',
    analysis: { model: MODEL, provider: 'cpu' },
    limits: { connectionsPerAddress: 100_000 },
  });
  const url = await server.listen();
  const response = await fetch(`${url}/v1/rooms/${ROOM}/participants`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ displayName: 'Bench' }),
  });
  const { token } = (await response.json()) as { token: string };
  const { observer } = server.rooms.get(ROOM)!;
  return { url, token, emit: (event) => void observer.emit('event', event), close: () => server.close() };
}

async function bare(): Promise<Running> {
  const http = createHttpServer();
  const io = new SocketServer(http, { serveClient: false });
  const namespace = io.of('/emotion');
  namespace.on('connection', (socket) => {
    socket.on('subscribe', ({ roomId }: { roomId: string }, done: (reply: object) => void) => {
      void socket.join(roomId);
      done({ ok: true });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token: 'none',
    emit: (event) => namespace.to(ROOM).emit(event.type, event),
    close: () => io.close(),
  };
}

const tell = (message: FromServer) => process.send!(message);

const server = await (process.argv[2] === 'undertone' ? undertone() : bare());
process.on('disconnect', () => void server.close().then(() => process.exit(0)));
process.once('message', ({ perSecond, seconds }: FanoutLoad) => {
  const startedMs = nowMs();
  const cpu = process.cpuUsage();
  const wanted = perSecond * seconds;
  let sent = 0;
  const next = () => {
    sent += 1;
    // The moment of sending travels in the event: `endToEndMs` is no use of this benchmark.
    server.emit({ ...final, seq: sent, timing: { ...final.timing, endToEndMs: nowMs() } });
    if (sent < wanted) {
      setTimeout(next, Math.max(0, startedMs + (sent * 1_000) / perSecond - nowMs()));
      return;
    }
    const { user, system } = process.cpuUsage(cpu);
    const cpuPercent = (user + system) / 10 / (nowMs() - startedMs);
    tell({ is: 'done', sent, cpuPercent, rssMb: process.memoryUsage.rss() / 2 ** 20 });
  };
  next();
});
tell({ is: 'ready', url: server.url, token: server.token });
