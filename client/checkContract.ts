import { CONTRACT_MAJOR, CONTRACT_VERSION } from '../plugin/events/contract/v1/version.ts';
import { ClientError } from './ClientError.ts';

/**
 * @param version - what the server says that it speaks; one that says nothing is older than the question
 * @throws ClientError `contract-mismatch` unless this client can read it
 */
export function checkContract(version: unknown): void {
  if (version === undefined) return;
  const major = typeof version === 'string' ? /^(\d+)\.\d+/.exec(version)?.[1] : undefined;
  if (major !== undefined && Number(major) === CONTRACT_MAJOR) return;
  throw mismatch(`The server speaks event contract ${JSON.stringify(version)}, this client reads ${CONTRACT_VERSION}`);
}

/** A refusal of the handshake, with what can be done about it. */
export function explainRefusal(problem: ClientError): ClientError {
  return problem.code === 'contract-mismatch' ? mismatch(problem.message, problem.field) : problem;
}

function mismatch(what: string, field?: string): ClientError {
  const advice = 'install the release of undertone that the server runs';
  return new ClientError('contract-mismatch', `${what}: ${advice}.`, field);
}
