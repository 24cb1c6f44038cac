import type { Queries, Row, Value } from '../database/DatabaseTypes.ts';
import { FIRST_WIDTH_MS } from '../lanes/widths.ts';
import type { LabelsOfMeeting, Meeting, ModelIdentity, NewMeeting, StorageMode } from '../StoreTypes.ts';

const COLUMNS = [
  'meeting_id',
  'room_id',
  'source',
  'title',
  'start_ms',
  'storage',
  'retention_days',
  'labels',
  'model',
  'notice_version',
  'visibility',
  'purpose',
  'contract',
  'software',
  'last_ms',
  'owner',
  'lane_ms',
] as const;

const json = (value: object | undefined): Value => (value === undefined ? null : JSON.stringify(value));

export async function insertMeeting(queries: Queries, meetingId: string, meeting: NewMeeting, owner: string) {
  await queries.insert('meetings', COLUMNS, [
    [
      meetingId,
      meeting.roomId,
      meeting.source,
      meeting.title ?? null,
      meeting.startMs,
      meeting.storage,
      meeting.retentionDays ?? null,
      JSON.stringify(meeting.labels),
      json(meeting.model),
      meeting.noticeVersion ?? null,
      meeting.visibility ?? null,
      json(meeting.purpose),
      meeting.contract,
      meeting.software,
      meeting.startMs,
      owner,
      FIRST_WIDTH_MS,
    ],
  ]);
}

type MeetingRow = Row & {
  meeting_id: string;
  room_id: string;
  source: string;
  title: string | null;
  start_ms: number;
  end_ms: number | null;
  end_reason: string | null;
  storage: string;
  retention_days: number | null;
  labels: string;
  model: string | null;
  notice_version: string | null;
  visibility: string | null;
  purpose: string | null;
  contract: string;
  software: string;
  last_seq: number;
  last_ms: number;
  events: number;
  lost: number;
};

function toMeeting(row: MeetingRow): Meeting {
  return {
    meetingId: row.meeting_id,
    roomId: row.room_id,
    source: row.source as Meeting['source'],
    ...(row.title !== null && { title: row.title }),
    startMs: row.start_ms,
    ...(row.end_ms !== null && { endMs: row.end_ms }),
    ...(row.end_reason !== null && { endReason: row.end_reason }),
    storage: row.storage as StorageMode,
    ...(row.retention_days !== null && { retentionDays: row.retention_days }),
    labels: JSON.parse(row.labels) as LabelsOfMeeting,
    ...(row.model !== null && { model: JSON.parse(row.model) as ModelIdentity }),
    ...(row.notice_version !== null && { noticeVersion: row.notice_version }),
    ...(row.visibility !== null && { visibility: row.visibility }),
    ...(row.purpose !== null && { purpose: JSON.parse(row.purpose) as object }),
    contract: row.contract,
    software: row.software,
    lastSeq: row.last_seq,
    lastMs: row.last_ms,
    events: row.events,
    lost: row.lost,
  };
}

/** Meetings by what follows `FROM meetings`. */
export async function selectMeetings(queries: Pick<Queries, 'all'>, rest: string, parameters: readonly Value[]) {
  const rows = await queries.all<MeetingRow>(`SELECT * FROM meetings ${rest}`, parameters);
  return rows.map(toMeeting);
}

/** The number by which the other tables know a meeting. */
export async function meetingKey(queries: Pick<Queries, 'all'>, meetingId: string): Promise<number | undefined> {
  const [row] = await queries.all<{ key: number }>('SELECT key FROM meetings WHERE meeting_id = ?', [meetingId]);
  return row?.key;
}

/** What the writing of a meeting needs to know of it. Times are wall ms. */
export interface MeetingHead {
  key: number;
  startMs: number;
  lastMs: number;
  endMs?: number;
  /** Width of the lanes that are kept; undefined in a meeting that is older than these. */
  laneMs?: number;
}

export async function meetingHead(queries: Pick<Queries, 'all'>, meetingId: string): Promise<MeetingHead | undefined> {
  const [row] = await queries.all<{
    key: number;
    start_ms: number;
    last_ms: number;
    end_ms: number | null;
    lane_ms: number | null;
  }>('SELECT key, start_ms, last_ms, end_ms, lane_ms FROM meetings WHERE meeting_id = ?', [meetingId]);
  if (!row) return undefined;
  const { key, start_ms: startMs, last_ms: lastMs, end_ms: endMs, lane_ms: laneMs } = row;
  return { key, startMs, lastMs, ...(endMs !== null && { endMs }), ...(laneMs !== null && { laneMs }) };
}
