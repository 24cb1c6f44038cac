import { z } from 'zod';
import { AnalyzerError, ConsentError } from '../../plugin/index.ts';
import { RequestError, type RequestErrorCode } from '../sfu/RequestError.ts';

const MAX_MESSAGE = 500;
const MAX_FIELD = 200;

const CONSENT_CODES = {
  'notice-outdated': 'notice-outdated',
  'release-needed': 'forbidden',
  'refused-since': 'conflict',
  unavailable: 'unavailable',
} as const satisfies Record<ConsentError['code'], RequestErrorCode>;

function invalid(message: string, field?: string): RequestError {
  return new RequestError('invalid', message.slice(0, MAX_MESSAGE), field?.slice(0, MAX_FIELD));
}

/** `words.0.endMs`; a name that is empty is shown as such. */
function pathOf(parts: readonly PropertyKey[]): string {
  return parts
    .map((part) => (part === '' ? '""' : String(part)))
    .join('.')
    .slice(0, MAX_FIELD);
}

function fromZod({ issues }: z.ZodError): RequestError {
  const issue = issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const field = pathOf([...issue.path, issue.keys[0]!]);
    return invalid(`${field}: there is no such field`, field);
  }
  const field = pathOf(issue.path) || 'payload';
  return invalid(`${field}: ${issue.message}`, field);
}

/** JavaScript's own TypeErrors are our bugs; those of a check name what was wrong with the request. */
function isOwnBug({ message }: TypeError): boolean {
  return /is not a function|of undefined|of null|is not iterable|not a constructor/.test(message);
}

/** What a client is told of an error: its own mistakes in full, anything else as `internal`. */
export function toRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  if (error instanceof z.ZodError) return fromZod(error);
  if (error instanceof ConsentError) return new RequestError(CONSENT_CODES[error.code], error.message, error.field);
  if (error instanceof AnalyzerError) {
    if (error.retryable) return new RequestError('unavailable', error.message.slice(0, MAX_MESSAGE), error.field);
    return invalid(error.message, error.field);
  }
  if (error instanceof Error) {
    const { name, message } = error;
    if (name === 'InvalidStateError') return new RequestError('conflict', 'that is closed already');
    // mediasoup's checks throw TypeErrors; what its worker refuses carries the name of the request.
    const checked = error instanceof TypeError && !isOwnBug(error);
    const field = 'field' in error && typeof error.field === 'string' && error.field ? error.field : undefined;
    if (checked || name === 'UnsupportedError' || message.includes('[method:')) return invalid(message, field);
  }
  return new RequestError('internal', 'something went wrong in the server; its log has more');
}
