/** What a client may be told went wrong. */
export type RequestErrorCode =
  | 'invalid'
  | 'unknown-event'
  | 'not-found'
  | 'forbidden'
  | 'conflict'
  | 'full'
  | 'rate-limited'
  | 'unauthorized'
  | 'token-expired'
  | 'room-closed'
  | 'not-joined'
  | 'no-consent'
  | 'notice-outdated'
  | 'unavailable'
  | 'too-large'
  | 'internal';

/** A request that is refused: its code is for programs, its message for people. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestErrorCode;
  /** The field of the request at fault. */
  readonly field: string | undefined;

  constructor(code: RequestErrorCode, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }

  /** As sent to clients. */
  toJSON(): { code: RequestErrorCode; message: string; field?: string } {
    return { code: this.code, message: this.message, ...(this.field === undefined ? {} : { field: this.field }) };
  }
}
