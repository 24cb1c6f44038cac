/**
 * Every code with which the server refuses a request or a connection: what it means, and whether the same request may
 * succeed later without a change. A client treats a code that it does not know as one that is not worth another try.
 */
export const ERROR_CODES = {
  invalid: { meaning: 'A field of the request is wrong; `field` names it.', retryable: false },
  'unknown-event': { meaning: 'There is no request of that name.', retryable: false },
  'not-found': { meaning: 'What the request names does not exist.', retryable: false },
  forbidden: { meaning: 'The token does not allow it.', retryable: false },
  conflict: { meaning: 'What the request works on is in another state by now.', retryable: false },
  full: { meaning: 'The server or the room takes no more participants now.', retryable: true },
  'rate-limited': { meaning: 'Too many messages; slow down.', retryable: true },
  unauthorized: { meaning: 'No token, or not one of this server.', retryable: false },
  'token-expired': { meaning: 'The token has expired; get a new one.', retryable: false },
  'token-revoked': { meaning: 'The token was taken back.', retryable: false },
  'room-closed': { meaning: 'The call has ended, or the participant left it long ago.', retryable: false },
  elsewhere: { meaning: 'The call is on another server; `url` says which, if it is known.', retryable: false },
  'not-joined': { meaning: 'The request needs a participant who has joined the call.', retryable: false },
  'no-consent': { meaning: 'The participant has not allowed this to be analysed.', retryable: false },
  'notice-outdated': { meaning: 'Consent was given to another text than the one in force.', retryable: false },
  unavailable: { meaning: 'The server cannot do it just now.', retryable: true },
  'too-many-connections': { meaning: 'Too many connections from this address.', retryable: true },
  'slow-consumer': { meaning: 'The client reads too slowly; it may come again and fetch the rest.', retryable: true },
  'contract-mismatch': { meaning: 'The client reads another major version of the contract.', retryable: false },
  'too-large': { meaning: 'The message exceeds the size limit.', retryable: false },
  internal: { meaning: 'Something went wrong in the server; its log has more.', retryable: true },
} as const satisfies Record<string, { meaning: string; retryable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;
