import { DatabaseError, type Queries, type Value } from '../database/DatabaseTypes.ts';
import type { StoreOperation } from '../StoreTypes.ts';
import { erasedFrom } from './erased.ts';
import { meetingHead, meetingKey } from './meeting-rows.ts';
import { updateLanes } from './update-lanes.ts';
import { maskOf } from './uses.ts';

const EVENT_COLUMNS = [
  'meeting',
  'ord',
  'seq',
  'type',
  'participant',
  'utterance_id',
  'at_ms',
  'start_ms',
  'end_ms',
  'uses',
  'json',
] as const;
const PRESENCE_COLUMNS = ['meeting', 'participant', 'ord', 'at_ms', 'change'] as const;
/** Ids in one statement. */
const MANY = 200;

type EventOperation = Extract<StoreOperation, { op: 'event' }>;
type Retraction = Extract<StoreOperation, { op: 'retract' }>;

const aboutWhom = (operation: StoreOperation) =>
  operation.op === 'event'
    ? operation.event.participantId
    : operation.op === 'presence'
      ? operation.presence.participantId
      : operation.participantId;

function pieces<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / MANY) }, (_, index) =>
    all.slice(index * MANY, (index + 1) * MANY),
  );
}

const marks = (count: number) => Array.from({ length: count }, () => '?').join(', ');

/** Numbers of those who are known in a meeting. */
async function keysOf(queries: Queries, meeting: number, participantIds: readonly string[]) {
  const keys = new Map<string, number>();
  for (const piece of pieces(participantIds)) {
    const rows = await queries.all<{ key: number; participant_id: string }>(
      `SELECT key, participant_id FROM participants WHERE meeting = ? AND participant_id IN (${marks(piece.length)})`,
      [meeting, ...piece],
    );
    for (const { key, participant_id: participantId } of rows) keys.set(participantId, key);
  }
  return keys;
}

/** The meeting as nobody else may change it now. */
async function heldHead(queries: Queries, meetingId: string) {
  const key = await meetingKey(queries, meetingId);
  if (key === undefined) return undefined;
  await queries.hold('meetings', [key], 'change');
  return meetingHead(queries, meetingId);
}

/** Takes in whom the meeting does not know yet; who was erased from it stays out. */
async function participantKeys(queries: Queries, meeting: number, operations: readonly StoreOperation[]) {
  const named = [...new Set(operations.flatMap((operation) => aboutWhom(operation) ?? []))];
  const keys = await keysOf(queries, meeting, named);
  const unknown = named.filter((participantId) => !keys.has(participantId));
  if (unknown.length === 0) return stillThere(queries, keys);
  const erased = await erasedFrom(queries, meeting);
  const added = unknown.filter((participantId) => !erased(participantId));
  await queries.insert(
    'participants',
    ['meeting', 'participant_id'],
    added.map((participantId) => [meeting, participantId]),
  );
  return stillThere(queries, new Map([...keys, ...(await keysOf(queries, meeting, added))]));
}

/** Without those who were erased a moment ago; the others are not before this is written. */
async function stillThere(queries: Queries, keys: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  const held = await queries.hold('participants', [...keys.values()], 'keep');
  return new Map([...keys].filter(([, key]) => held.has(key)));
}

async function retract(queries: Queries, participant: number, { utteranceIds, modalities }: Retraction) {
  let deleted = await queries.run(
    `DELETE FROM events WHERE participant = ? AND utterance_id IN (
       SELECT utterance_id FROM events WHERE participant = ? AND utterance_id IS NOT NULL AND (uses & ?) <> 0)`,
    [participant, participant, maskOf(modalities)],
  );
  for (const piece of pieces(utteranceIds)) {
    deleted += await queries.run(
      `DELETE FROM events WHERE participant = ? AND utterance_id IN (${marks(piece.length)})`,
      [participant, ...piece],
    );
  }
  return deleted;
}

/** What is taken back in the same breath is never written at all. */
function without(waiting: readonly EventOperation[], retraction: Retraction): EventOperation[] {
  const mask = maskOf(retraction.modalities);
  const gone = new Set(retraction.utteranceIds);
  for (const { event, uses } of waiting) {
    if (event.participantId === retraction.participantId && event.utteranceId !== undefined && (uses & mask) !== 0) {
      gone.add(event.utteranceId);
    }
  }
  return waiting.filter(
    ({ event }) =>
      event.participantId !== retraction.participantId ||
      event.utteranceId === undefined ||
      !gone.has(event.utteranceId),
  );
}

/** Writes what happened in a meeting; to be run in a transaction. */
export async function writeOperations(
  queries: Queries,
  meetingId: string,
  operations: readonly StoreOperation[],
  lost: number,
): Promise<void> {
  const head = await heldHead(queries, meetingId);
  // Deleted while it ran: what still comes has nowhere to go.
  if (!head) throw new DatabaseError(`there is no meeting ${meetingId}`, 'NO_MEETING');
  const { key: meeting, startMs, laneMs } = head;
  const keys = await participantKeys(queries, meeting, operations);
  const keyOf = (participantId: string | undefined): number | null =>
    participantId === undefined ? null : (keys.get(participantId) ?? null);
  let waiting: EventOperation[] = [];
  let deleted = 0;
  const retracted = new Set<number>();
  const presences: Value[][] = [];
  for (const operation of operations) {
    const participant = keyOf(aboutWhom(operation));
    if (participant === null && aboutWhom(operation) !== undefined) continue;
    if (operation.op === 'event') waiting.push(operation);
    else if (operation.op === 'retract') {
      waiting = without(waiting, operation);
      deleted += await retract(queries, participant!, operation);
      retracted.add(participant!);
    } else {
      const { presence, displayName, role } = operation;
      presences.push([meeting, participant, presence.ord, presence.atMs, presence.change]);
      if (displayName === undefined) continue;
      await queries.run('UPDATE participants SET display_name = ?, role = ? WHERE key = ?', [
        displayName,
        role ?? null,
        participant,
      ]);
    }
  }
  await queries.insert('presence', PRESENCE_COLUMNS, presences);
  const lastMs = waiting.reduce((latest, { event }) => Math.max(latest, event.atMs), head.lastMs);
  const finals = waiting.flatMap(({ event: { type, participantId, json } }) => {
    const participant = keyOf(participantId);
    return type === 'emotion.final' && participant !== null ? [{ participant, json }] : [];
  });
  const widthMs =
    laneMs === undefined
      ? null
      : await updateLanes(queries, { meeting, startMs, lastMs, widthMs: laneMs, finals, retracted });
  await queries.insert(
    'events',
    EVENT_COLUMNS,
    waiting.map(({ event, uses }) => [
      meeting,
      event.ord,
      event.seq ?? null,
      event.type,
      keyOf(event.participantId),
      event.utteranceId ?? null,
      event.atMs,
      event.startMs ?? null,
      event.endMs ?? null,
      uses,
      event.json,
    ]),
  );
  const seq = waiting.reduce((highest, { event }) => Math.max(highest, event.seq ?? 0), 0);
  await queries.run(
    `UPDATE meetings SET events = events + ?, lost = lost + ?,
       last_seq = CASE WHEN last_seq < ? THEN ? ELSE last_seq END,
       last_ms = ?, lane_ms = ?
     WHERE key = ?`,
    [waiting.length - deleted, lost, seq, seq, lastMs, widthMs, meeting],
  );
}
