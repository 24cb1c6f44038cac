import { randomUUID } from 'node:crypto';
import type { Queries, Row } from '../database/DatabaseTypes.ts';
import type { ErasureScope, Receipt } from '../ErasureTypes.ts';
import { isSubject, subjectOf } from './erased.ts';
import type { Deleted } from './delete-rows.ts';

export interface NewReceipt {
  what: Receipt['what'];
  cause: Receipt['cause'];
  participantId?: string;
  roomId?: string;
  meetingId?: string;
}

type ReceiptRow = Row & {
  key: number;
  receipt_id: string;
  at_ms: number;
  what: string;
  cause: string;
  salt: string | null;
  subject: string | null;
  room_id: string | null;
  meeting_id: string | null;
  places: string;
};

const toReceipt = (row: ReceiptRow): Receipt => ({
  receiptId: row.receipt_id,
  what: row.what as Receipt['what'],
  cause: row.cause as Receipt['cause'],
  atMs: row.at_ms,
  places: JSON.parse(row.places) as Record<string, number>,
});

function toScope({ receipt_id: receiptId, salt, subject, room_id, meeting_id, what }: ReceiptRow): ErasureScope {
  return {
    elsewhere: { receiptId },
    // A meeting that is deleted is everybody's.
    matches: (participantId) =>
      what === 'meeting' || (salt !== null && subject !== null && isSubject({ salt, digest: subject }, participantId)),
    ...(room_id !== null && { roomId: room_id }),
    ...(meeting_id !== null && { meetingId: meeting_id }),
  };
}

/** Writes a receipt, in the transaction that erases. */
export async function writeReceipt(
  queries: Queries,
  { what, cause, participantId, roomId, meetingId }: NewReceipt,
  places: Deleted,
): Promise<Receipt> {
  const receipt: Receipt = { receiptId: randomUUID(), what, cause, atMs: Date.now(), places };
  const subject = participantId === undefined ? undefined : subjectOf(participantId);
  await queries.insert(
    'erasures',
    ['receipt_id', 'at_ms', 'what', 'cause', 'salt', 'subject', 'room_id', 'meeting_id', 'places'],
    [
      [
        receipt.receiptId,
        receipt.atMs,
        what,
        cause,
        subject?.salt ?? null,
        subject?.digest ?? null,
        roomId ?? null,
        meetingId ?? null,
        JSON.stringify(places),
      ],
    ],
  );
  return receipt;
}

/** Notes in a receipt what other places have erased. */
export async function addPlaces(queries: Queries, receiptId: string, more: Record<string, number>): Promise<void> {
  const [row] = await queries.all<ReceiptRow>('SELECT * FROM erasures WHERE receipt_id = ?', [receiptId]);
  if (!row) return;
  const places = { ...(JSON.parse(row.places) as Record<string, number>) };
  for (const [place, count] of Object.entries(more)) places[place] = (places[place] ?? 0) + count;
  await queries.run('UPDATE erasures SET places = ? WHERE receipt_id = ?', [JSON.stringify(places), receiptId]);
}

export async function readReceipts(queries: Pick<Queries, 'all'>, limit: number): Promise<Receipt[]> {
  const rows = await queries.all<ReceiptRow>('SELECT * FROM erasures ORDER BY key DESC LIMIT ?', [limit]);
  return rows.map(toReceipt);
}

/** Receipts from a number on, each with what it is about. */
export async function receiptsFrom(queries: Pick<Queries, 'all'>, key: number) {
  const rows = await queries.all<ReceiptRow>('SELECT * FROM erasures WHERE key >= ? ORDER BY key', [key]);
  return rows.map((row) => ({ key: row.key, receiptId: row.receipt_id, scope: toScope(row) }));
}
