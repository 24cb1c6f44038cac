import { ERROR_CODES, type ErrorCode } from '../../plugin/events/contract/v1/error-codes.ts';
import { markdownTable } from '../config/markdownTable.ts';
import { STATUS } from './problem.ts';

const WHERE = markdownTable([
  ['where it is told', 'how'],
  ['answer to a Socket.IO message', '`{ ok: false, error: { code, message, field? } }` in the acknowledgement'],
  ['a connection that is refused', '`connect_error` with `error.data`: `{ code, message, field? }`'],
  ['a connection that is about to be ended', '`session.ended` with `{ code, message, retryable }`'],
  ['HTTP', 'the status below, body `{ error: { code, message, field? } }`'],
]);

const INTRODUCTION = `# Error codes

Written from \`plugin/events/contract/v1/error-codes.ts\` and \`server/http/problem.ts\` (\`npm run docs\`); a test keeps them the same.

${WHERE}

\`code\` is for programs, \`message\` for people; \`field\` names what of the request is at fault. Treat a code that you do not know as
one that is not worth another try. Two refusals come before there is anybody to tell a code to: a page of an origin that
\`cors.origins\` does not name, and far too many connections from one address, both with HTTP status 403. A message over
\`limits.payloadBytes\` ends the connection (WebSocket close code 1009).
`;

/** `docs/errors.md` as it should be. */
export function documentErrors(): string {
  const rows = (Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => {
    const { meaning, retryable } = ERROR_CODES[code];
    return [`\`${code}\``, String(STATUS[code]), retryable ? 'later' : 'no', meaning];
  });
  return `${INTRODUCTION}\n${markdownTable([['code', 'HTTP', 'again?', 'what it means'], ...rows])}\n`;
}
