import type { Queries, Row, Value } from '../database/DatabaseTypes.ts';
import { LaneSums, type KeptSums } from '../lanes/LaneSums.ts';
import { MeetingLanes, type KeptBucket, type LabelSets } from '../lanes/MeetingLanes.ts';
import { WHOLE } from '../lanes/widths.ts';
import type { Lane } from '../PageTypes.ts';

/** Buckets in one row: few rows to read for a page, little to write anew for a result. */
const BUCKETS = 8;
const COLUMNS = ['meeting', 'width_ms', 'block', 'participant', 'json'] as const;
const KEY = ['meeting', 'width_ms', 'block', 'participant'] as const;

type BlockRow = Row & { width_ms: number; participant: number; json: string };
type KeptBuckets = [i: number, sums: KeptSums][];

/** Blocks of one width. */
export interface BlockRange {
  widthMs: number;
  first: number;
  last: number;
}

/** Whose lanes, and of what time, wall ms. */
export interface LaneSpan {
  /** The meeting's number. */
  key: number;
  startMs: number;
  endMs: number;
}

/** The block that a bucket lies in. */
export const blockOf = (i: number) => Math.floor(i / BUCKETS);

/** What is kept of a meeting's lanes, all of it or a range; of participants by their numbers. */
export function readBlocks(queries: Pick<Queries, 'all'>, meeting: number, range?: BlockRange) {
  if (!range) return selectBlocks(queries, 'meeting = ?', [meeting]);
  const { widthMs, first, last } = range;
  return selectBlocks(queries, 'meeting = ? AND width_ms = ? AND block >= ? AND block <= ?', [
    meeting,
    widthMs,
    first,
    last,
  ]);
}

async function selectBlocks(
  queries: Pick<Queries, 'all'>,
  condition: string,
  parameters: readonly Value[],
): Promise<KeptBucket<number>[]> {
  const rows = await queries.all<BlockRow>(
    `SELECT width_ms, participant, json FROM lane_blocks WHERE ${condition} ORDER BY participant`,
    parameters,
  );
  return rows.flatMap(({ width_ms: widthMs, participant, json }) =>
    (JSON.parse(json) as KeptBuckets).map(([i, kept]) => ({ participant, widthMs, i, sums: LaneSums.from(kept) })),
  );
}

/** Keeps what has changed in `lanes`. Blocks are written as a whole: what of them is not there is lost. */
export async function writeBlocks(queries: Queries, meeting: number, lanes: MeetingLanes<number>): Promise<void> {
  const blocks = Map.groupBy(
    lanes.buckets(),
    ({ participant, widthMs, i }) => `${widthMs} ${blockOf(i)} ${participant}`,
  );
  const rows: Value[][] = [];
  for (const buckets of blocks.values()) {
    if (buckets.every(({ sums }) => sums.asKept)) continue;
    const { participant, widthMs, i } = buckets[0]!;
    const kept = buckets.filter(({ sums }) => !sums.isEmpty).map((one) => [one.i, one.sums.toKept()]);
    rows.push([meeting, widthMs, blockOf(i), participant, JSON.stringify(kept)]);
  }
  await queries.insert('lane_blocks', COLUMNS, rows, KEY);
}

/** Lanes of a meeting that is just so long, out of what is kept; none are kept any more after its end. */
export async function lanesAtEnd(queries: Queries, span: LaneSpan): Promise<Lane[]> {
  return toLanes(queries, span, await readBlocks(queries, span.key));
}

/** Lanes of a meeting that runs, at the width that is kept by now. */
export async function lanesSoFar(queries: Pick<Queries, 'all'>, span: LaneSpan): Promise<Lane[]> {
  // One statement sees one moment: the width may change at any.
  const shown = `meeting = ? AND width_ms IN (${WHOLE}, (SELECT lane_ms FROM meetings WHERE key = ?))`;
  return toLanes(queries, span, await selectBlocks(queries, shown, [span.key, span.key]));
}

async function toLanes(
  queries: Pick<Queries, 'all'>,
  { key, startMs, endMs }: LaneSpan,
  buckets: readonly KeptBucket<number>[],
): Promise<Lane[]> {
  // The narrowest width is the one that is kept; another may lie beside it.
  const widthMs = buckets.reduce(
    (least, one) => (one.widthMs === WHOLE ? least : Math.min(least, one.widthMs)),
    Infinity,
  );
  if (widthMs === Infinity) return [];
  const sets = await readSets(queries, key);
  const people = await queries.all<Row & { key: number; participant_id: string }>(
    'SELECT key, participant_id FROM participants WHERE meeting = ?',
    [key],
  );
  const lanes = new MeetingLanes<number>(startMs, widthMs);
  for (const bucket of buckets) lanes.put(bucket);
  const names = new Map(people.map((one) => [one.key, one.participant_id]));
  return lanes.lanes(endMs - startMs, sets, (participant) => names.get(participant));
}

/** The sets of labels that a meeting's results were told in, in the order in which they first were. */
export async function readSets(queries: Pick<Queries, 'all'>, meeting: number): Promise<LabelSets> {
  const rows = await queries.all<Row & { hash: string; names: string }>(
    'SELECT hash, names FROM label_sets WHERE meeting = ? ORDER BY place',
    [meeting],
  );
  return new Map(rows.map(({ hash, names }) => [hash, JSON.parse(names) as string[]]));
}

/** Adds the sets that a meeting does not know yet. */
export async function addSets(queries: Queries, meeting: number, told: LabelSets): Promise<void> {
  const known = await readSets(queries, meeting);
  const added = [...told].filter(([hash]) => !known.has(hash));
  await queries.insert(
    'label_sets',
    ['meeting', 'place', 'hash', 'names'],
    added.map(([hash, names], index) => [meeting, known.size + index, hash, JSON.stringify(names)]),
  );
}
