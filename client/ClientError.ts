import type { ErrorCode } from '../plugin/events/contract/v1/error-codes.ts';

/**
 * A code of the server, or one of the client's own:
 * `timeout` no answer, `unreachable` no connection, `malformed` an answer that is none, `no-token` the token could not be
 * had, `overflow` an iterator was read too slowly, `closed`.
 */
export type ClientErrorCode = ErrorCode | 'timeout' | 'unreachable' | 'malformed' | 'no-token' | 'overflow' | 'closed';

/** A refusal by the server, or what kept the client from asking. `code` is for programs, `message` for people. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** One of {@link ClientErrorCode}, or a code of a later server. */
  readonly code: ClientErrorCode | (string & {});
  /** The field of the request at fault. */
  readonly field: string | undefined;

  constructor(code: ClientErrorCode | (string & {}), message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }

  /** Reads `{ code, message, field? }`; anything else becomes `malformed`. */
  static from(problem: unknown): ClientError {
    const { code, message, field } = (problem ?? {}) as Record<string, unknown>;
    if (typeof code !== 'string' || typeof message !== 'string') {
      return new ClientError('malformed', 'The server answered in a way that this client does not understand.');
    }
    return new ClientError(code, message, typeof field === 'string' ? field : undefined);
  }
}

/** Codes with which the same request may succeed later. The contract's table says the same; a test compares them. */
export const RETRYABLE_CODES: ReadonlySet<string> = new Set<ClientErrorCode>([
  'full',
  'rate-limited',
  'unavailable',
  'too-many-connections',
  'slow-consumer',
  'internal',
  'timeout',
  'no-token',
]);
