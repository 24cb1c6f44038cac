import { ERROR_CODES } from '../../plugin/events/contract/v1/error-codes.ts';
import type { RequestErrorCode } from '../sfu/RequestError.ts';
import { sendUncounted } from './recovery.ts';
import type { ClientSocket } from './serve.ts';

/** What a client is told before the server ends its connection. */
export function farewell(code: RequestErrorCode) {
  const { meaning, retryable } = ERROR_CODES[code];
  return { code, message: meaning, retryable };
}

/** Tells a client why its connection is about to end. */
export function sayFarewell(socket: ClientSocket, code: RequestErrorCode): void {
  sendUncounted(socket, ['session.ended', farewell(code)]);
}

/** Ends a client's connection to the namespace for good, after `session.ended` with the reason's code. */
export function endSession(socket: ClientSocket, code: RequestErrorCode): void {
  sayFarewell(socket, code);
  socket.disconnect();
}
