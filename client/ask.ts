import type { Socket } from 'socket.io-client';
import type { RequestName, RequestOf, ReplyOf } from '../plugin/events/contract/v1/types.ts';
import { ClientError } from './ClientError.ts';

/**
 * Sends a request and waits for its acknowledgement.
 * @throws ClientError when the server refuses, or does not answer within `timeoutMs`
 */
export async function ask<N extends RequestName>(
  socket: Socket,
  name: N,
  payload: RequestOf<N>,
  timeoutMs: number,
): Promise<ReplyOf<N>> {
  let reply: unknown;
  try {
    reply = await socket.timeout(timeoutMs).emitWithAck(name, payload);
  } catch {
    throw new ClientError('timeout', `The server did not answer ${name} within ${timeoutMs} ms.`);
  }
  const { ok, error } = (reply ?? {}) as { ok?: unknown; error?: unknown };
  if (ok !== true) throw ClientError.from(error);
  return reply as ReplyOf<N>;
}
