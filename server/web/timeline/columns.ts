import type { TraceFrames } from '../../../plugin/events/trace/TraceTypes.ts';
import type { View } from './view.ts';

/** What is quieter is drawn as silence, dBFS. */
const QUIET_DBFS = -60;

/** What falls into one column of the picture. */
export interface Column {
  x: number;
  /** Height of the envelope, 0..1: the loudest, on a scale from -60 to 0 dBFS. */
  level: number;
  /** The highest speech probability. */
  speech: number;
  /** The largest share of made-up sound. */
  concealed: number;
}

/**
 * Frames as columns of one pixel or, where frames are wider, of one frame: at most `width` of them, however long the trace.
 *
 * @returns one row of columns for each stretch without a hole
 */
export function columnsOf(runs: readonly TraceFrames[], view: View, width: number): Column[][] {
  const rows: Column[][] = [];
  const pxPerMs = width / (view.toMs - view.fromMs);
  for (const { startMs, frameMs, level, speech, concealed } of runs) {
    const first = Math.max(0, Math.floor((view.fromMs - startMs) / frameMs));
    const last = Math.min(level.length, Math.ceil((view.toMs - startMs) / frameMs));
    if (last <= first) continue;
    const row: Column[] = [];
    let column: Column | undefined;
    for (let i = first; i < last; i += 1) {
      const x = Math.max(0, Math.floor((startMs + i * frameMs - view.fromMs) * pxPerMs));
      if (column?.x !== x) {
        column = { x, level: 0, speech: 0, concealed: 0 };
        row.push(column);
      }
      column.level = Math.max(column.level, heightOf(level[i]!));
      column.speech = Math.max(column.speech, speech[i]!);
      column.concealed = Math.max(column.concealed, concealed[i]!);
    }
    // The last frame lasts as well.
    const endX = Math.min(width, Math.ceil((startMs + last * frameMs - view.fromMs) * pxPerMs));
    if (column && endX > column.x) row.push({ ...column, x: endX });
    rows.push(row);
  }
  return rows;
}

function heightOf(dbfs: number): number {
  return Math.min(1, Math.max(0, 1 - dbfs / QUIET_DBFS));
}

/** An area around the middle of a lane, as high as the level is. */
export function envelopePath(rows: readonly Column[][], top: number, height: number): string {
  const middle = top + height / 2;
  return areas(rows, ({ level }) => {
    const half = Math.max(0.5, (level * height) / 2);
    return [middle - half, middle + half];
  });
}

/** An area on the ground of a lane, as high as speech is likely. */
export function speechPath(rows: readonly Column[][], top: number, height: number): string {
  return areas(rows, ({ speech }) => [top + height * (1 - speech), top + height]);
}

function areas(rows: readonly Column[][], edges: (column: Column) => [upper: number, lower: number]): string {
  return rows
    .filter((row) => row.length > 0)
    .map((row) => {
      const upper = row.map((column) => `${column.x} ${edges(column)[0].toFixed(1)}`);
      const lower = row.map((column) => `${column.x} ${edges(column)[1].toFixed(1)}`).reverse();
      return `M${upper.join('L')}L${lower.join('L')}Z`;
    })
    .join('');
}

/** Stretches of columns in which sound was made up. */
export function concealedSpans(rows: readonly Column[][]): { fromX: number; toX: number }[] {
  const spans: { fromX: number; toX: number }[] = [];
  for (const row of rows) {
    row.forEach(({ x, concealed }, i) => {
      if (concealed < 0.5) return;
      const toX = row[i + 1]?.x ?? x + 1;
      const last = spans.at(-1);
      if (last && last.toX >= x) last.toX = toX;
      else spans.push({ fromX: x, toX });
    });
  }
  return spans;
}
