/** Many subscribers in one process, each with a connection of its own. */
import { io } from 'socket.io-client';
import type { EmotionFinal } from '../../../plugin/index.ts';
import { nowMs, ROOM, type FromSubscribers } from './messages.ts';

/** Connections made at a time. */
const AT_ONCE = 20;

const [url, token, count] = process.argv.slice(2) as [string, string, string];
const tell = (message: FromSubscribers) => process.send!(message);
const lateMs: number[] = [];
let outOfOrder = 0;

async function subscribe(): Promise<void> {
  const socket = io(`${url}/emotion`, { auth: { token }, transports: ['websocket'], forceNew: true });
  let last: number | undefined;
  socket.on('emotion.final', ({ seq, timing }: EmotionFinal) => {
    lateMs.push(nowMs() - timing.endToEndMs);
    if (seq !== (last ?? -1) + 1) outOfOrder += 1;
    last = seq;
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const reply = (await socket.emitWithAck('subscribe', { roomId: ROOM })) as { ok: boolean; seq: number };
  if (!reply.ok) throw new Error(`not subscribed: ${JSON.stringify(reply)}`);
  last = reply.seq;
}

for (let left = Number(count); left > 0; left -= AT_ONCE) {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, left) }, subscribe));
}
process.once('message', () => tell({ is: 'result', lateMs, outOfOrder }));
process.on('disconnect', () => process.exit(0));
tell({ is: 'ready' });
