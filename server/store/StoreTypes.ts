import type { EventType, Modality, PerModality } from '../../plugin/events/contract/v1/types.ts';
import type { Database, DatabaseKind } from './database/DatabaseTypes.ts';
import type { ErasureRequest, ErasureTarget, Receipt } from './ErasureTypes.ts';
import type { MeetingPage, PageQuery } from './PageTypes.ts';

/** What of a meeting is kept: its events without a word of what was said, or with the words. */
export type StorageMode = 'events' | 'events+transcript';

export interface LabelsOfMeeting {
  /** Name of a shipped set. */
  id?: string;
  labels: string[];
}

export interface ModelIdentity {
  id: string;
  version: string;
}

/** A meeting that begins: one life of a room, or a recording that is analysed. Times are wall ms. */
export interface NewMeeting {
  /** @default a random UUID */
  meetingId?: string;
  roomId: string;
  /** Where its media came from. */
  source: 'call' | 'sample' | 'recording';
  title?: string;
  startMs: number;
  storage: StorageMode;
  /** Deleted so many days after its end; undefined: when somebody deletes it. */
  retentionDays?: number;
  labels: LabelsOfMeeting;
  model?: ModelIdentity;
  /** Version of the notice that the participants were shown. */
  noticeVersion?: string;
  /** The most that anybody was allowed to see while it ran. */
  visibility?: string;
  /** The purpose that was declared, as configured. */
  purpose?: object;
  /** Version of the event contract. */
  contract: string;
  /** Version of Undertone. */
  software: string;
}

export interface Meeting extends Omit<NewMeeting, 'meetingId'> {
  meetingId: string;
  /** Undefined while it runs. */
  endMs?: number;
  /** `crash`: the process that recorded it was gone before it could say the end; `endMs` is then that of the last event. */
  endReason?: string;
  /** Number of the newest durable event. */
  lastSeq: number;
  /** Of the newest event, wall ms. */
  lastMs: number;
  /** Events in the store. */
  events: number;
  /** Events that could not be kept: the store fell behind, or the disk was full. */
  lost: number;
}

export interface MeetingParticipant {
  participantId: string;
  displayName?: string;
  role?: string;
  /** What is theirs is deleted then, wall ms. */
  expiresMs?: number;
}

/** Somebody joins or leaves the call. */
export interface Presence {
  participantId: string;
  change: 'join' | 'leave';
  atMs: number;
  /** How many events the meeting had before. */
  ord: number;
}

/** An event as it was emitted. */
export interface StoredEvent {
  /** Place in the order of emission, from 0. Numbers may be missing: what was retracted or erased. */
  ord: number;
  /** Undefined for interim results. */
  seq?: number;
  type: EventType;
  participantId?: string;
  utteranceId?: string;
  /** When it was emitted, wall ms. */
  atMs: number;
  startMs?: number;
  endMs?: number;
  /** The event, byte for byte as `JSON.stringify` wrote it (without `transcript` under `events`). */
  json: string;
}

/** What happened, for the writer. They are done in their order. */
export type StoreOperation =
  | { op: 'event'; event: StoredEvent; uses: number }
  | { op: 'presence'; presence: Presence; displayName?: string; role?: string }
  /** Results are taken back: those of these utterances, and all of the participant that rest on these modalities. */
  | { op: 'retract'; participantId: string; utteranceIds: readonly string[]; modalities: readonly Modality[] };

export interface EventQuery {
  /** First place, this one included. @default 0 */
  from?: number;
  /** Last place, this one not included. */
  to?: number;
  types?: readonly EventType[];
  participantId?: string;
  /** @default 1000; at most 10000 */
  limit?: number;
}

export interface MeetingQuery {
  roomId?: string;
  /** Meetings that began before, wall ms: the next page. */
  before?: number;
  /** @default 100; at most 1000 */
  limit?: number;
}

/** What had been said of each by then, for a seek. */
export interface StateAt {
  /** The last event of each kind that tells a state: `analysis.state`, `overload`, and each participant's `consent.changed`. */
  events: StoredEvent[];
  /** Who was in the call. */
  present: string[];
  consent: Record<string, { consent: PerModality; analysed: PerModality }>;
}

/**
 * Past and running meetings. Append-only: what was written is never changed, only erased. All methods reject with a
 * `DatabaseError` when the database cannot do it.
 */
export interface MeetingStore {
  readonly kind: DatabaseKind;
  /** For tables of other modules. */
  readonly database: Database;

  /** A meeting begins; resolves with its id. */
  begin(meeting: NewMeeting): Promise<string>;
  /** Writes what happened, all of it or nothing. `lost` events could not be kept. */
  write(meetingId: string, operations: readonly StoreOperation[], lost?: number): Promise<void>;
  end(meetingId: string, end: { endMs: number; reason: string }): Promise<void>;
  /** Ends the meetings whose process is gone; resolves with them. */
  endCrashed(): Promise<Meeting[]>;

  /** Newest first. */
  meetings(query?: MeetingQuery): Promise<Meeting[]>;
  meeting(meetingId: string): Promise<Meeting | undefined>;
  participants(meetingId: string): Promise<MeetingParticipant[]>;
  presence(meetingId: string): Promise<Presence[]>;
  /** Events in the order of emission, one page. */
  events(meetingId: string, query?: EventQuery): Promise<StoredEvent[]>;
  /** All of them, page by page. */
  readEvents(meetingId: string, query?: Omit<EventQuery, 'limit'>): AsyncGenerator<StoredEvent>;
  /** Place of the first event that was emitted at this wall time or later; that after the last one where there is none. */
  ordAt(meetingId: string, atMs: number): Promise<number>;
  /** What stood just before the event of that place was emitted. */
  stateAt(meetingId: string, ord: number): Promise<StateAt>;
  /**
   * The events that say what stood just before the event of that place was emitted, oldest first: those of `stateAt`, and of
   * each participant the newest result and whether they spoke.
   */
  standing(meetingId: string, ord: number): Promise<Pick<StateAt, 'events' | 'present'>>;
  /** Undefined where there is no such meeting. */
  page(meetingId: string, query?: PageQuery): Promise<MeetingPage | undefined>;
  /** Highest number that a room's events have had; 0 for a room that is not known. */
  lastSeq(roomId: string): Promise<number>;

  /** Adds a place that erasures reach, in this process. */
  addErasureTarget(target: ErasureTarget): void;
  /** Forgets a participant, here and in all targets. */
  eraseParticipant(request: ErasureRequest): Promise<Receipt>;
  /** Undefined where there is no such meeting. */
  deleteMeeting(meetingId: string): Promise<Receipt | undefined>;
  /** What is theirs in a meeting (or in all) is deleted at that time at the latest. Resolves with in how many meetings. */
  keepParticipantUntil(request: ErasureRequest, expiresMs: number): Promise<number>;
  /** Deletes what has been kept long enough. @param retentionDays the longest that any meeting is kept */
  sweep(nowMs: number, retentionDays?: number): Promise<Receipt[]>;
  /** Receipts, newest first. */
  receipts(limit?: number): Promise<Receipt[]>;
  /**
   * Carries out, in this process's targets, the erasures that other processes made since the last call, and those that could not
   * be carried out then. Resolves with how many those were; rejects where a target cannot do it now, after the others have.
   */
  followErasures(): Promise<number>;

  close(): Promise<void>;
}
