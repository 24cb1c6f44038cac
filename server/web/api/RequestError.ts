/** The server's refusal of a request, or the lack of an answer. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** One of the server's codes, or `unreachable`, `timeout`, `malformed`. */
  readonly code: string;
  /** The field of the request at fault. */
  readonly field: string | undefined;

  constructor(code: string, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }

  /** Reads `{ code, message, field? }`; anything else becomes `malformed`. */
  static from(error: unknown): RequestError {
    const { code, message, field } = (error ?? {}) as Record<string, unknown>;
    if (typeof code !== 'string' || typeof message !== 'string') {
      return new RequestError('malformed', 'the server answered in a way this page does not understand');
    }
    return new RequestError(code, message, typeof field === 'string' ? field : undefined);
  }
}
