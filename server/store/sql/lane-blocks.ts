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
  const buckets = await readBlocks(queries, span.key);
  const sets = await readSets(queries, span.key);
  return toLanes(span, { buckets, sets, names: await namesIn(queries, span.key) });
}

/** Lanes of a meeting that runs, at the width that is kept by now. Not for within a transaction: it asks for several things at once. */
export async function lanesSoFar(database: Pick<Queries, 'all'>, span: LaneSpan): Promise<Lane[]> {
  // One statement sees one moment: the width may change at any.
  const shown = `meeting = ? AND width_ms IN (${WHOLE}, (SELECT lane_ms FROM meetings WHERE key = ?))`;
  const [buckets, sets, names] = await Promise.all([
    selectBlocks(database, shown, [span.key, span.key]),
    readSets(database, span.key),
    namesIn(database, span.key),
  ]);
  return toLanes(span, { buckets, sets, names });
}

interface Kept {
  buckets: readonly KeptBucket<number>[];
  sets: LabelSets;
  /** Ids of participants by their numbers. */
  names: ReadonlyMap<number, string>;
}

function toLanes({ startMs, endMs }: LaneSpan, { buckets, sets, names }: Kept): Lane[] {
  const widths = buckets.map(({ widthMs }) => widthMs).filter((widthMs) => widthMs !== WHOLE);
  if (widths.length === 0) return [];
  // The narrowest width is the one that is kept; another may lie beside it.
  const lanes = new MeetingLanes<number>(
    startMs,
    widths.reduce((least, widthMs) => Math.min(least, widthMs)),
  );
  for (const bucket of buckets) lanes.put(bucket);
  return lanes.lanes(endMs - startMs, sets, (participant) => names.get(participant));
}

async function namesIn(queries: Pick<Queries, 'all'>, meeting: number): Promise<Map<number, string>> {
  const rows = await queries.all<Row & { key: number; participant_id: string }>(
    'SELECT key, participant_id FROM participants WHERE meeting = ?',
    [meeting],
  );
  return new Map(rows.map(({ key, participant_id: participantId }) => [key, participantId]));
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
