import type { Socket } from 'socket.io-client';
import { RequestError } from './RequestError.ts';

const TIMEOUT_MS = 10_000;

type Reply = { ok: true } | { ok: false; error: unknown };

/**
 * Sends an event and waits for its acknowledgement.
 * @throws RequestError when the server refuses, or does not answer in time
 */
export async function ask<T extends object>(socket: Socket, event: string, payload: object = {}): Promise<T> {
  let reply: Reply;
  try {
    reply = (await socket.timeout(TIMEOUT_MS).emitWithAck(event, payload)) as Reply;
  } catch {
    throw new RequestError('timeout', 'The server did not answer. The connection may be lost.');
  }
  if (!reply?.ok) throw RequestError.from((reply as { error?: unknown } | undefined)?.error);
  return reply as unknown as T;
}
