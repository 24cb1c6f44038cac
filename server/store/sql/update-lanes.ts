import type { Queries, Row, Value } from '../database/DatabaseTypes.ts';
import { laneResultOf, type LaneResult } from '../lanes/LaneResult.ts';
import { MeetingLanes } from '../lanes/MeetingLanes.ts';
import { keptMsFor, keptWith, WHOLE } from '../lanes/widths.ts';
import { addSets, blockOf, readBlocks, writeBlocks } from './lane-blocks.ts';

/** A final result, and of whom. */
export interface Told {
  participant: number;
  json: string;
}

export interface LaneUpdate {
  /** The meeting's number. */
  meeting: number;
  startMs: number;
  /** Of the newest event, wall ms. */
  lastMs: number;
  /** The width that is kept so far. */
  widthMs: number;
  /** Final results that are new, in their order. */
  finals: readonly Told[];
  /** From whom results were taken back: theirs are added up anew. */
  retracted: ReadonlySet<number>;
}

interface Result {
  participant: number;
  result: LaneResult;
}

const keyOf = ({ participant, result }: Result) => `${participant} ${result.utteranceId}`;
const toResult = ({ participant, json }: Told): Result => ({ participant, result: laneResultOf(json) });

/** What holds of each utterance that is revised now. */
async function formerResults(queries: Queries, results: readonly Result[]): Promise<Map<string, LaneResult>> {
  // The first result of an utterance has revision 0.
  const revised = new Map(results.filter(({ result }) => result.revision > 0).map((one) => [keyOf(one), one]));
  if (revised.size === 0) return new Map();
  const pairs = [...revised.values()].flatMap(({ participant, result }): Value[] => [participant, result.utteranceId]);
  const marks = Array.from({ length: revised.size }, () => '(CAST(? AS BIGINT), CAST(? AS TEXT))').join(', ');
  // The type is looked at last: by the utterance there are a few rows, by the type there may be many.
  const rows = await queries.all<Row & Told>(
    `WITH revised (who, what) AS (VALUES ${marks})
     SELECT participant, json FROM revised JOIN events ON participant = who AND utterance_id = what
     WHERE type || '' = 'emotion.final' ORDER BY ord`,
    pairs,
  );
  return new Map(rows.map(toResult).map((one) => [keyOf(one), one.result]));
}

/** All final results that a participant has left. */
async function finalsOf(queries: Queries, participant: number): Promise<Told[]> {
  const rows = await queries.all<Row & { json: string }>(
    `SELECT json FROM events WHERE participant = ? AND type = 'emotion.final' ORDER BY ord`,
    [participant],
  );
  return rows.map(({ json }) => ({ participant, json }));
}

/** Reads the blocks that some results fall into. */
async function readAround(queries: Queries, meeting: number, lanes: MeetingLanes<number>, atMs: readonly number[]) {
  for (const widthMs of keptWith(lanes.widthMs)) {
    const blocks = atMs.map((one) => blockOf(lanes.place(one, widthMs)));
    const range = blocks.reduce(
      ({ first, last }, block) => ({ first: Math.min(first, block), last: Math.max(last, block) }),
      { first: Infinity, last: -Infinity },
    );
    for (const bucket of await readBlocks(queries, meeting, { widthMs, ...range })) lanes.put(bucket);
  }
}

/**
 * Brings the sums for a meeting's lanes up to date, in the transaction that writes the events. To be called before the new events
 * are written and after others were taken back.
 *
 * @returns the width that is kept from now on
 */
export async function updateLanes(
  queries: Queries,
  { meeting, startMs, lastMs, widthMs, finals, retracted }: LaneUpdate,
): Promise<number> {
  let left: Told[] = [];
  for (const participant of retracted) {
    await queries.run('DELETE FROM lane_blocks WHERE participant = ?', [participant]);
    left = left.concat(await finalsOf(queries, participant));
  }
  const fresh = finals.map(toResult);
  const results = [...left.map(toResult), ...fresh];
  const lanes = new MeetingLanes<number>(startMs, widthMs);
  const wider = keptMsFor(lastMs - startMs) > widthMs;
  if (wider) {
    for (const bucket of await readBlocks(queries, meeting)) lanes.put(bucket);
    lanes.widen(lastMs - startMs);
    // What is as it was stays where it is.
    await queries.run(`DELETE FROM lane_blocks WHERE meeting = ? AND width_ms <> ${WHOLE} AND width_ms < ?`, [
      meeting,
      lanes.widthMs,
    ]);
  }
  if (results.length > 0) {
    const latest = await formerResults(
      queries,
      fresh.filter(({ participant }) => !retracted.has(participant)),
    );
    if (!wider) {
      const times = [...results.map(({ result }) => result), ...latest.values()].map((one) => one.startMs);
      await readAround(queries, meeting, lanes, times);
    }
    for (const one of results) {
      lanes.add(one.participant, one.result, latest.get(keyOf(one)));
      latest.set(keyOf(one), one.result);
    }
    await addSets(queries, meeting, new Map(results.map(({ result }) => [result.set, result.names])));
  }
  await writeBlocks(queries, meeting, lanes);
  return lanes.widthMs;
}
