import { answered } from '../answered.ts';
import { Connection } from '../Connection.ts';
import { Replay } from './Replay.ts';
import type { OpenReplayOptions } from './ReplayTypes.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * A replay over a connection of its own, which ends with it. Returns at once and keeps trying.
 * @throws TypeError when the address of the server is missing
 */
export function startReplay({ url, token, socketOptions, timeoutMs, ...options }: OpenReplayOptions): Replay {
  const line = {
    url,
    token,
    past: true,
    ...(socketOptions && { socketOptions }),
  };
  const connection: Connection = new Connection(line, {
    up: () => replay.up(),
    down: (problem) => replay.down(problem),
    ended: (problem) => replay.end(problem),
    received: (name, payload) => replay.receive(name, payload),
  });
  const { socket } = connection;
  const released = () => connection.close();
  const replay = new Replay({ socket, timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS, released }, options);
  connection.start();
  return replay;
}

/**
 * Plays a meeting that was kept; resolves once the server has answered. No call of its room needs to go on.
 *
 * @throws ClientError with the server's refusal, or `unreachable` when nothing answers within `timeoutMs`
 * @throws TypeError when the address of the server is missing
 * @example
 * const replay = await openReplay({ url: 'http://127.0.0.1:3000', token, meetingId, speed: 16 });
 * for await (const event of replay) console.log(event.type);
 */
export async function openReplay(options: OpenReplayOptions): Promise<Replay> {
  return answered(startReplay(options), options);
}
