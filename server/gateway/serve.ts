import type { DefaultEventsMap, Socket } from 'socket.io';
import type { Logger } from '../../plugin/UndertoneTypes.ts';
import type { Requests } from '../sfu/Request.ts';
import { RequestError } from '../sfu/RequestError.ts';
import { RateLimiter } from './RateLimiter.ts';
import type { Claims } from './access/claims.ts';
import { endSession } from './endSession.ts';
import type { Recovery } from './recovery.ts';
import { toRequestError } from './toRequestError.ts';

export interface SocketData {
  claims: Claims;
  /** What the token says before the setting `visibility` is applied: past meetings have one of their own. Undefined for somebody without one. */
  token: Claims | undefined;
  /** Let in for past meetings alone: the token leads to no room that is open. */
  past: boolean;
  /** Only between the return of a broken connection and its being taken up again. */
  recovery?: Recovery;
}

/** A socket whose token was checked. */
export type ClientSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;

export interface ServeOptions<Context> {
  requests: Requests<Context>;
  context: Context;
  /** How often this client may ask, on average. */
  perSecond: number;
  log: Logger;
}

/** Seconds' worth of refused messages that are borne; who still goes on is cut off. */
const PATIENCE_S = 20;

/**
 * Answers every event of a client, also unknown and malformed ones:
 * `{ ok: true, ... }` or `{ ok: false, error: { code, message, field? } }`.
 */
export function serve<Context>(socket: ClientSocket, options: ServeOptions<Context>): void {
  const { requests, context, perSecond, log } = options;
  const limiter = new RateLimiter(perSecond);
  const patience = new RateLimiter(perSecond, PATIENCE_S * perSecond);
  let flooding = false;

  async function answer(event: string, payload: unknown): Promise<object> {
    try {
      if (!limiter.take()) {
        flooding = !patience.take();
        throw new RequestError('rate-limited', 'too many messages; slow down and try again');
      }
      if (socket.data.claims.expiresAtMs <= Date.now()) {
        throw new RequestError('token-expired', 'the token has expired; register in the room again', 'token');
      }
      const found = Object.hasOwn(requests, event) ? requests[event] : undefined;
      if (!found) {
        const known = Object.keys(requests).join(', ');
        throw new RequestError('unknown-event', `there is no such event; known: ${known}`, 'event');
      }
      return { ok: true, ...(await found.handle(context, payload)) };
    } catch (error) {
      const told = toRequestError(error);
      if (told.code === 'internal') log.error({ event, err: error }, 'request failed');
      else log.debug({ code: told.code }, 'request refused');
      return { ok: false, error: told.toJSON() };
    }
  }

  socket.onAny((event: string, ...args: unknown[]) => {
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (reply: object) => void) : undefined;
    const payload = args[0] === last && acknowledge ? undefined : args[0];
    void answer(event, payload).then((reply) => {
      acknowledge?.(reply);
      if (!flooding || !socket.connected) return;
      endSession(socket, 'rate-limited');
      socket.disconnect(true);
    });
  });
}
