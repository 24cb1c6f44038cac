import type { Queries, Row, Value } from '../database/DatabaseTypes.ts';
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
