import type { ErrorCode } from '../../plugin/events/contract/v1/error-codes.ts';

/** What a client may be told went wrong. */
export type RequestErrorCode = ErrorCode;

/** A request that is refused: its code is for programs, its message for people. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestErrorCode;
  /** The field of the request at fault. */
  readonly field: string | undefined;
  /** With `elsewhere`: the server to ask instead. */
  readonly url: string | undefined;

  constructor(code: RequestErrorCode, message: string, field?: string, url?: string) {
    super(message);
    this.code = code;
    this.field = field;
    this.url = url;
  }

  /** As sent to clients. */
  toJSON(): { code: RequestErrorCode; message: string; field?: string; url?: string } {
    const { code, message, field, url } = this;
    return { code, message, ...(field !== undefined && { field }), ...(url !== undefined && { url }) };
  }
}
