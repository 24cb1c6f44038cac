export type InferenceErrorCode =
  | 'invalid-input'
  | 'model-folder'
  | 'provider-unavailable'
  | 'overloaded'
  | 'discarded'
  | 'thread-lost'
  | 'run-failed'
  | 'closed';

/** What every failure of inference is reported as; `message` is one sentence fit for a log or a user. */
export class InferenceError extends Error {
  override readonly name: string = 'InferenceError';
  readonly code: InferenceErrorCode;
  /** True where the same request may succeed when it is made again. */
  readonly retryable: boolean;

  constructor(code: InferenceErrorCode, message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** The inference thread or process ended while the request was with it. The request may be made again. */
export class InferenceThreadLostError extends InferenceError {
  override readonly name = 'InferenceThreadLostError';

  constructor(message: string) {
    super('thread-lost', message, { retryable: true });
  }
}

/** The request was given up under overload, in the fixed order of sacrifice. Making it again adds to the load. */
export class OverloadedError extends InferenceError {
  override readonly name = 'OverloadedError';

  constructor(message: string) {
    super('overloaded', message);
  }
}

export function invalidInput(message: string): InferenceError {
  return new InferenceError('invalid-input', message);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
