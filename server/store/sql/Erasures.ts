import type { Database, Row } from '../database/DatabaseTypes.ts';
import { Turns } from '../database/Turns.ts';
import type { ErasureRequest, ErasureScope, ErasureTarget, Receipt } from '../ErasureTypes.ts';
import { add, deleteMeetingRows, deleteParticipantRows, participantKeysOf, type Deleted } from './delete-rows.ts';
import { meetingKey } from './meeting-rows.ts';
import { addPlaces, receiptsFrom, writeReceipt } from './receipts.ts';

const DAY_MS = 86_400_000;
/** Transactions of several servers may become visible in another order than that of their numbers. */
const LOOK_BACK = 100;

/** Takes out of the store, and of all places that hold copies, what is to be forgotten. */
export class Erasures {
  readonly #database: Database;
  /** Tables that are written anew so that nothing of what was deleted is left in the files. */
  readonly #tables: readonly string[];
  readonly #targets: ErasureTarget[] = [];
  /** Receipts that this process has carried out. */
  readonly #done = new Set<string>();
  /** Receipts of other processes that are still to be carried out here. */
  readonly #owed = new Map<string, ErasureScope>();
  readonly #turns = new Turns();
  #lastKey: number | undefined;

  constructor(database: Database, personalTables: readonly string[]) {
    this.#database = database;
    this.#tables = personalTables;
  }

  addTarget(target: ErasureTarget): void {
    this.#targets.push(target);
  }

  async participant(request: ErasureRequest): Promise<Receipt> {
    const { participantId } = request;
    const receipt = await this.#database.transaction(async (queries) => {
      let deleted: Deleted = { events: 0, participants: 0 };
      for (const key of await participantKeysOf(queries, request)) {
        deleted = add(deleted, await deleteParticipantRows(queries, key));
      }
      return writeReceipt(queries, { ...request, what: 'participant', cause: 'request' }, deleted);
    });
    return this.#elsewhere(receipt, { ...request, matches: (id) => id === participantId });
  }

  async meeting(meetingId: string, cause: Receipt['cause'] = 'request'): Promise<Receipt | undefined> {
    const receipt = await this.#database.transaction(async (queries) => {
      const key = await meetingKey(queries, meetingId);
      if (key === undefined) return undefined;
      return writeReceipt(queries, { what: 'meeting', cause, meetingId }, await deleteMeetingRows(queries, key));
    });
    return receipt && this.#elsewhere(receipt, { meetingId, matches: () => true }, cause === 'request');
  }

  /** Deletes what has been kept long enough. */
  async sweep(nowMs: number, retentionDays: number | undefined): Promise<Receipt[]> {
    const most = retentionDays ?? null;
    const meetings = await this.#database.all<{ meeting_id: string; days: number }>(
      `SELECT meeting_id, CASE
          WHEN retention_days IS NULL THEN CAST(? AS DOUBLE PRECISION)
          WHEN CAST(? AS DOUBLE PRECISION) < retention_days THEN CAST(? AS DOUBLE PRECISION)
          ELSE retention_days END AS days
       FROM meetings WHERE end_ms IS NOT NULL AND end_ms + COALESCE(CASE
          WHEN retention_days IS NULL THEN CAST(? AS DOUBLE PRECISION)
          WHEN CAST(? AS DOUBLE PRECISION) < retention_days THEN CAST(? AS DOUBLE PRECISION)
          ELSE retention_days END, 1e9) * ${DAY_MS} <= ?`,
      [most, most, most, most, most, most, nowMs],
    );
    const receipts: Receipt[] = [];
    for (const { meeting_id: meetingId } of meetings) {
      const receipt = await this.meeting(meetingId, 'retention');
      if (receipt) receipts.push(receipt);
    }
    receipts.push(...(await this.#expiredParticipants(nowMs)));
    // A file of SQLite is written anew once a day at most; PostgreSQL sees to its own by autovacuum.
    if (receipts.length > 0 && this.#database.kind === 'sqlite') await this.#database.scrub('all', this.#tables);
    return receipts;
  }

  /**
   * Carries out here what other processes have erased. What could not be reached is tried again with the next call.
   * @throws Error that names the places that could not be
   */
  follow(): Promise<number> {
    return this.#turns.take(() => this.#follow());
  }

  async #follow(): Promise<number> {
    const known = this.#lastKey;
    const from = known === undefined ? await this.#newestKey() : known - LOOK_BACK;
    const receipts = await receiptsFrom(this.#database, Math.max(0, from));
    for (const { key, receiptId, scope } of receipts) {
      this.#lastKey = Math.max(this.#lastKey ?? 0, key);
      if (this.#done.has(receiptId)) continue;
      this.#done.add(receiptId);
      // What was erased before this process had anything is no matter of its own.
      if (known !== undefined) this.#owed.set(receiptId, scope);
    }
    this.#lastKey ??= 0;
    const followed = this.#owed.size;
    const failed = new Set<string>();
    for (const [receiptId, scope] of [...this.#owed]) {
      const { places, failures } = await this.#eraseTargets(scope);
      for (const place of Object.keys(failures)) failed.add(place);
      if (Object.keys(failures).length === 0) this.#owed.delete(receiptId);
      if (Object.keys(places).length > 0) {
        await this.#database.transaction((queries) => addPlaces(queries, receiptId, places));
      }
    }
    if (failed.size > 0) throw new Error(`an erasure cannot be carried out yet: ${[...failed].join(', ')}`);
    return followed;
  }

  async #newestKey(): Promise<number> {
    const [row] = await this.#database.all<{ key: number }>('SELECT COALESCE(MAX(key), 0) AS key FROM erasures');
    return row?.key ?? 0;
  }

  async #expiredParticipants(nowMs: number): Promise<Receipt[]> {
    const rows = await this.#database.all<Row & { key: number; participant_id: string; meeting_id: string }>(
      `SELECT participants.key, participant_id, meeting_id FROM participants
       JOIN meetings ON meetings.key = participants.meeting WHERE expires_ms IS NOT NULL AND expires_ms <= ?`,
      [nowMs],
    );
    const receipts: Receipt[] = [];
    for (const { key, participant_id: participantId, meeting_id: meetingId } of rows) {
      const receipt = await this.#database.transaction(async (queries) => {
        const deleted = await deleteParticipantRows(queries, key);
        return writeReceipt(queries, { what: 'participant', cause: 'retention', participantId, meetingId }, deleted);
      });
      const scope = { participantId, meetingId, matches: (id: string) => id === participantId };
      receipts.push(await this.#elsewhere(receipt, scope, false));
    }
    return receipts;
  }

  /** Goes on to the other places, and then makes sure that the files hold nothing any more. */
  async #elsewhere(receipt: Receipt, scope: ErasureScope, scrub = true): Promise<Receipt> {
    this.#done.add(receipt.receiptId);
    const { places, failures } = await this.#eraseTargets(scope);
    if (Object.keys(places).length > 0) {
      await this.#database.transaction((queries) => addPlaces(queries, receipt.receiptId, places));
    }
    if (scrub) {
      await this.#database.scrub('all', this.#tables).catch((error: Error) => {
        failures['files'] = error.message;
      });
    }
    return {
      ...receipt,
      places: { ...receipt.places, ...places },
      ...(Object.keys(failures).length > 0 && { failures }),
    };
  }

  /** One place that cannot be reached keeps the others from nothing. */
  async #eraseTargets(scope: ErasureScope) {
    const places: Record<string, number> = {};
    const failures: Record<string, string> = {};
    for (const target of this.#targets) {
      try {
        places[target.name] = (places[target.name] ?? 0) + (await target.erase(scope));
      } catch (error) {
        failures[target.name] = (error as Error).message;
      }
    }
    return { places, failures };
  }
}
