import { RequestError } from './RequestError.ts';
import type { Registration, ServerConfig, StartedSample } from './types.ts';

const TIMEOUT_MS = 20_000;

async function request<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    throw new RequestError(
      late ? 'timeout' : 'unreachable',
      late ? 'The server took too long to answer. Try again.' : 'The server cannot be reached. Is it running?',
    );
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw RequestError.from((answer as { error?: unknown } | undefined)?.error);
  return answer as T;
}

export function fetchConfig(): Promise<ServerConfig> {
  return request('GET', '/v1/config');
}

/** Registers in a room, which is opened if need be. */
export function registerIn(roomId: string, displayName: string): Promise<Registration> {
  return request('POST', `/v1/rooms/${encodeURIComponent(roomId)}/participants`, { displayName });
}

export function startSample(): Promise<StartedSample> {
  return request('POST', '/v1/sample');
}
