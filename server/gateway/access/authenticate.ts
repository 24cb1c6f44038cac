import { randomUUID } from 'node:crypto';
import type { ExtendedError } from 'socket.io';
import type { Config } from '../../config/schema.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { endSession } from '../endSession.ts';
import { resumeOnlyAs } from '../recovery.ts';
import type { ClientSocket } from '../serve.ts';
import { toRequestError } from '../toRequestError.ts';
import type { AddressLimit } from './AddressLimit.ts';
import type { Claims } from './claims.ts';
import { withinVisibility, type Scope } from './scopes.ts';
import type { Tokens } from './Tokens.ts';

/** What the room knows about who comes in. */
export interface Admission {
  /** Watches a sample call. */
  viewer: boolean;
}

export interface AccessOptions {
  tokens: Tokens;
  /**
   * Finds where a token leads.
   * @throws RequestError when it leads nowhere, or to another server
   */
  admit(claims: Claims, mayOpen: boolean): Promise<Admission>;
  visibility: Config['visibility'];
  connections: AddressLimit;
}

export interface NamespaceRules {
  /** Whether a token with this scope has anything to do here. */
  takes(scope: Scope): boolean;
  /** Whether a room of the operator's own tokens is opened for them here. */
  opens: boolean;
  /** Whether a client may come for past meetings alone, which need no room. */
  past: boolean;
  /** Whether some of these are for anybody, also without a token. */
  anonymous?: boolean;
  /** Whether the client and this server understand each other at all; throws a RequestError where they do not. */
  checkVersion?(told: unknown): void;
  /** Whether somebody with these claims may be in a Socket.IO room of that name. */
  mayBeIn(claims: Claims, name: string): boolean;
}

/**
 * Lets a client into a namespace when its token holds and leads to a room. A refused client gets `connect_error` with
 * `data: { code, message, field? }`. A recovered connection is checked like a new one, and before anything is sent to it.
 */
export function authenticate({ tokens, admit, visibility, connections }: AccessOptions, rules: NamespaceRules) {
  const check = async (socket: ClientSocket): Promise<void> => {
    if (!connections.covers(socket.conn.request)) {
      // Told first: closing waits until what was written has gone.
      setTimeout(() => socket.conn.close(), 0).unref();
      throw new RequestError('too-many-connections', 'too many connections from your address; close one and try again');
    }
    const { token, contract, past, anonymous } = socket.handshake.auth as Record<string, unknown>;
    rules.checkVersion?.(contract);
    if (rules.past && rules.anonymous && past === true && anonymous === true && token === undefined) {
      const claims = nobody();
      resumeOnlyAs(socket, claims, () => false);
      Object.assign(socket.data, { token: undefined, past: true, claims });
      return;
    }
    const verified = await tokens.verify(token);
    if (!verified.scope.some((scope) => rules.takes(scope))) {
      throw new RequestError('forbidden', 'the token has no scope for this namespace', 'token');
    }
    socket.data.token = verified;
    socket.data.past = rules.past && past === true;
    if (socket.data.past) {
      // What it sees is decided meeting by meeting; of what happens now it sees nothing.
      const claims = { ...verified, scope: [] };
      resumeOnlyAs(socket, claims, () => false);
      socket.data.claims = claims;
      return;
    }
    const { viewer } = await admit(verified, rules.opens);
    // The sample call's voices are nobody's: whoever watches it may see them all.
    const scope = viewer ? verified.scope : withinVisibility(verified.scope, visibility, verified.participantId);
    const claims = { ...verified, scope };
    resumeOnlyAs(socket, claims, rules.mayBeIn);
    socket.data.claims = claims;
  };
  return (socket: ClientSocket, next: (error?: ExtendedError) => void): void => {
    check(socket).then(
      () => next(),
      (error: unknown) => {
        const told = toRequestError(error);
        next(Object.assign(new Error(told.message), { data: told.toJSON() }));
      },
    );
  };
}

/** Somebody without a token: in no room, with a right to nothing. What is for anybody is theirs as well. */
function nobody(): Claims {
  return {
    participantId: `anonymous-${randomUUID()}`,
    roomId: '',
    scope: [],
    expiresAtMs: Infinity,
    issuedAtMs: Date.now(),
    external: false,
  };
}

/** Longest delay that `setTimeout` takes. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Ends the connection when its token ends. */
export function endAtExpiry(socket: ClientSocket): void {
  const delayMs = Math.min(MAX_TIMEOUT_MS, Math.max(0, socket.data.claims.expiresAtMs - Date.now()));
  const timer = setTimeout(() => endSession(socket, 'token-expired'), delayMs);
  timer.unref();
  socket.once('disconnect', () => clearTimeout(timer));
}
