import type {
  MeetingDetail,
  MeetingEvents,
  MeetingList,
  MeetingReport,
  Modality,
} from '../../../plugin/events/contract/v1/types.ts';
import { RequestError } from './RequestError.ts';
import type { OpenRoom, Registration, ServerConfig, StartedSample } from './types.ts';

const TIMEOUT_MS = 20_000;

async function request<T>(method: 'GET' | 'POST', path: string, body?: object, token?: string): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
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

/** A room that is open; a RequestError `not-found` for one that is not. */
export function fetchRoom(roomId: string): Promise<OpenRoom> {
  return request('GET', `/v1/rooms/${encodeURIComponent(roomId)}`);
}

export function startSample(): Promise<StartedSample> {
  return request('POST', '/v1/sample');
}

/** Meetings that were kept, as far as the token shows them; newest first. @param before - `next` of the page before */
export function fetchMeetings(token?: string, before?: number): Promise<MeetingList> {
  return request('GET', `/v1/meetings${before === undefined ? '' : `?before=${before}`}`, undefined, token);
}

/** @param modalities - lanes of only the results that rest on all of these; none for all results */
export function fetchMeeting(
  meetingId: string,
  token?: string,
  modalities: readonly Modality[] = [],
): Promise<MeetingDetail> {
  const query = modalities.length > 0 ? `?modalities=${modalities.join(',')}` : '';
  return request('GET', `/v1/meetings/${encodeURIComponent(meetingId)}${query}`, undefined, token);
}

/** What the analytics of a meeting say, as far as the token shows it. */
export function fetchReport(meetingId: string, token?: string): Promise<MeetingReport> {
  return request('GET', `/v1/meetings/${encodeURIComponent(meetingId)}/report`, undefined, token);
}

/** Final results between two points of a meeting, ms from its start; one page of at most 5000. */
export function fetchResults(meetingId: string, fromMs: number, toMs: number, token?: string): Promise<MeetingEvents> {
  const query = `from=${Math.max(0, Math.floor(fromMs))}&to=${Math.ceil(toMs)}&types=emotion.final&limit=5000`;
  return request('GET', `/v1/meetings/${encodeURIComponent(meetingId)}/events?${query}`, undefined, token);
}
