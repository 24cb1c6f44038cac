import { randomUUID } from 'node:crypto';
import type { Modality } from '../../../plugin/events/contract/v1/types.ts';
import type { Database, Row, Value } from '../database/DatabaseTypes.ts';
import type { ErasureRequest, ErasureTarget } from '../ErasureTypes.ts';
import { makeLanes } from '../lanes/makeLanes.ts';
import type { Lane, MeetingPage, PageQuery } from '../PageTypes.ts';
import type {
  EventQuery,
  Meeting,
  MeetingQuery,
  MeetingStore,
  NewMeeting,
  StateAt,
  StoredEvent,
  StoreOperation,
} from '../StoreTypes.ts';
import { participantKeysOf } from './delete-rows.ts';
import { Erasures } from './Erasures.ts';
import { pageOfEvents, selectEvents } from './event-rows.ts';
import { lanesAtEnd, lanesSoFar } from './lane-blocks.ts';
import { readLanes, writeLanes } from './lanes.ts';
import { insertMeeting, meetingHead, meetingKey, selectMeetings, type MeetingHead } from './meeting-rows.ts';
import { readParticipants, readPresence } from './people.ts';
import { readReceipts } from './receipts.ts';
import { standingPlaces } from './standing.ts';
import { readState } from './state.ts';
import { writeOperations } from './write-operations.ts';

/** Small enough that parsing one keeps the event loop for a few milliseconds only. */
const PAGE = 250;

/** The store over any database that speaks SQL; which one it is shows in `database` alone. */
export class SqlMeetingStore implements MeetingStore {
  readonly database: Database;
  readonly #erasures: Erasures;

  constructor(database: Database, personalTables: readonly string[]) {
    this.database = database;
    this.#erasures = new Erasures(database, personalTables);
  }

  get kind() {
    return this.database.kind;
  }

  async begin(meeting: NewMeeting): Promise<string> {
    const { meetingId = randomUUID() } = meeting;
    const owner = await this.database.owner();
    await this.database.transaction((queries) => insertMeeting(queries, meetingId, meeting, owner));
    return meetingId;
  }

  async write(meetingId: string, operations: readonly StoreOperation[], lost = 0): Promise<void> {
    await this.database.transaction((queries) => writeOperations(queries, meetingId, operations, lost));
    if (operations.some(({ op }) => op === 'retract')) await this.database.scrub('log', []);
  }

  async end(meetingId: string, { endMs, reason }: { endMs: number; reason: string }): Promise<void> {
    const head = await meetingHead(this.database, meetingId);
    if (!head) return;
    // Of a meeting that is older than the sums: its events are gone through before the transaction.
    const made = head.laneMs === undefined ? await this.#makeLanes(meetingId, { ...head, endMs }) : undefined;
    await this.database.transaction(async (queries) => {
      const { key, startMs } = head;
      await queries.run('UPDATE meetings SET end_ms = ?, end_reason = ?, owner = NULL WHERE key = ?', [
        endMs,
        reason,
        key,
      ]);
      await writeLanes(queries, key, made ?? (await lanesAtEnd(queries, { key, startMs, endMs })));
      await queries.run('DELETE FROM lane_blocks WHERE meeting = ?', [key]);
    });
  }

  async endCrashed(): Promise<Meeting[]> {
    const open = await this.database.all<Row & { meeting_id: string; owner: string; last_ms: number }>(
      'SELECT meeting_id, owner, last_ms FROM meetings WHERE end_ms IS NULL AND owner IS NOT NULL',
    );
    const ended: Meeting[] = [];
    for (const { meeting_id: meetingId, owner, last_ms: lastMs } of open) {
      if (await this.database.isAlive(owner)) continue;
      await this.end(meetingId, { endMs: lastMs, reason: 'crash' });
      const meeting = await this.meeting(meetingId);
      if (meeting) ended.push(meeting);
    }
    return ended;
  }

  meetings({ roomId, before, limit = 100 }: MeetingQuery = {}): Promise<Meeting[]> {
    const conditions = ['1 = 1'];
    const parameters: Value[] = [];
    if (roomId !== undefined) {
      conditions.push('room_id = ?');
      parameters.push(roomId);
    }
    if (before !== undefined) {
      conditions.push('start_ms < ?');
      parameters.push(before);
    }
    parameters.push(Math.max(0, Math.min(limit, 1_000)));
    const rest = `WHERE ${conditions.join(' AND ')} ORDER BY start_ms DESC, key DESC LIMIT ?`;
    return selectMeetings(this.database, rest, parameters);
  }

  async meeting(meetingId: string): Promise<Meeting | undefined> {
    return (await selectMeetings(this.database, 'WHERE meeting_id = ?', [meetingId]))[0];
  }

  participants(meetingId: string) {
    return readParticipants(this.database, meetingId);
  }

  presence(meetingId: string) {
    return readPresence(this.database, meetingId);
  }

  async events(meetingId: string, query: EventQuery = {}): Promise<StoredEvent[]> {
    const key = await meetingKey(this.database, meetingId);
    return key === undefined ? [] : pageOfEvents(this.database, key, query);
  }

  async *readEvents(meetingId: string, query: Omit<EventQuery, 'limit'> = {}): AsyncGenerator<StoredEvent> {
    const key = await meetingKey(this.database, meetingId);
    if (key === undefined) return;
    let from = query.from ?? 0;
    for (;;) {
      const page = await pageOfEvents(this.database, key, { ...query, from, limit: PAGE });
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      from = last.ord + 1;
    }
  }

  async ordAt(meetingId: string, atMs: number): Promise<number> {
    const key = await meetingKey(this.database, meetingId);
    if (key === undefined) return 0;
    const [next] = await selectEvents(this.database, 'events.meeting = ? AND at_ms >= ? ORDER BY at_ms, ord LIMIT 1', [
      key,
      atMs,
    ]);
    if (next) return next.ord;
    const [last] = await selectEvents(this.database, 'events.meeting = ? ORDER BY ord DESC LIMIT 1', [key]);
    return last ? last.ord + 1 : 0;
  }

  async stateAt(meetingId: string, ord: number): Promise<StateAt> {
    const key = await meetingKey(this.database, meetingId);
    if (key === undefined) return { events: [], present: [], consent: {} };
    return readState(this.database, key, await this.presence(meetingId), ord);
  }

  async standing(meetingId: string, ord: number): Promise<Pick<StateAt, 'events' | 'present'>> {
    const key = await meetingKey(this.database, meetingId);
    if (key === undefined) return { events: [], present: [] };
    const [[next], { events, present }] = await Promise.all([
      pageOfEvents(this.database, key, { from: ord, limit: 1 }),
      this.stateAt(meetingId, ord),
    ]);
    const places = await standingPlaces(this.database, key, ord, next?.atMs ?? Number.MAX_SAFE_INTEGER);
    if (places.length === 0) return { events, present };
    const marks = places.map(() => '?').join(', ');
    const told = await selectEvents(this.database, `events.meeting = ? AND ord IN (${marks})`, [key, ...places]);
    return { events: [...events, ...told].sort((a, b) => a.ord - b.ord), present };
  }

  async page(meetingId: string, { modalities = [] }: PageQuery = {}): Promise<MeetingPage | undefined> {
    const [meeting, head] = await Promise.all([this.meeting(meetingId), meetingHead(this.database, meetingId)]);
    if (!meeting || !head) return undefined;
    const [participants, presence, lanes] = await Promise.all([
      this.participants(meetingId),
      this.presence(meetingId),
      this.#lanes(meetingId, head, modalities),
    ]);
    const names = new Map(participants.map((one) => [one.participantId, one.displayName]));
    const named = lanes.map((lane) => {
      const displayName = names.get(lane.participantId);
      return { ...lane, ...(displayName !== undefined && { displayName }) };
    });
    return { meeting, participants, presence, lanes: named };
  }

  async lastSeq(roomId: string): Promise<number> {
    const [row] = await this.database.all<{ seq: number }>(
      'SELECT COALESCE(MAX(last_seq), 0) AS seq FROM meetings WHERE room_id = ?',
      [roomId],
    );
    return row?.seq ?? 0;
  }

  addErasureTarget(target: ErasureTarget): void {
    this.#erasures.addTarget(target);
  }

  eraseParticipant(request: ErasureRequest) {
    return this.#erasures.participant(request);
  }

  deleteMeeting(meetingId: string) {
    return this.#erasures.meeting(meetingId);
  }

  async keepParticipantUntil(request: ErasureRequest, expiresMs: number): Promise<number> {
    return this.database.transaction(async (queries) => {
      const keys = await participantKeysOf(queries, request);
      for (const key of keys)
        await queries.run('UPDATE participants SET expires_ms = ? WHERE key = ?', [expiresMs, key]);
      return keys.length;
    });
  }

  sweep(nowMs: number, retentionDays?: number) {
    return this.#erasures.sweep(nowMs, retentionDays);
  }

  receipts(limit = 100) {
    return readReceipts(this.database, Math.max(0, Math.min(limit, 1_000)));
  }

  followErasures(): Promise<number> {
    return this.#erasures.follow();
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** As they were left by the end; until then as far as they are. */
  async #lanes(meetingId: string, head: MeetingHead, modalities: readonly Modality[]): Promise<Lane[]> {
    // What is kept is of all results.
    if (modalities.length > 0) {
      return this.#makeLanes(meetingId, { ...head, endMs: head.endMs ?? head.lastMs }, modalities);
    }
    if (head.endMs !== undefined) return readLanes(this.database, head.key);
    const soFar = { ...head, endMs: head.lastMs };
    if (head.laneMs === undefined) return this.#makeLanes(meetingId, soFar);
    return lanesSoFar(this.database, soFar);
  }

  #makeLanes(
    meetingId: string,
    span: { startMs: number; endMs: number },
    modalities?: readonly Modality[],
  ): Promise<Lane[]> {
    return makeLanes(span, this.readEvents(meetingId, { types: ['emotion.final'] }), modalities);
  }
}
