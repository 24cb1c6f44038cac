import type { TraceFrames } from './TraceTypes.ts';

/** Frames this close to where the run before ended follow it without a hole. */
export const TOLERANCE_MS = 8;

const LISTS = ['level', 'speech', 'concealed'] as const;

/**
 * Adds a run at the end, as values of `frameMs` each, to the last run where it follows that without a hole. A value that
 * stands for several frames is the highest of each. The runs given are changed, the one added is not.
 *
 * @param frameMs of all runs; that of the added one, or a multiple
 */
export function append(runs: TraceFrames[], run: TraceFrames, frameMs: number): void {
  const { startMs, level } = run;
  const last = runs.at(-1);
  // Times of equal frames waver a little: they follow one another, whatever their times say.
  const exact = run.frameMs === frameMs;
  const holeMs = last === undefined ? Infinity : startMs - endOf(last);
  const follows =
    last !== undefined && holeMs <= TOLERANCE_MS && (exact ? holeMs >= -TOLERANCE_MS : startMs >= last.startMs);
  const into = follows ? last : { startMs, frameMs, level: [], speech: [], concealed: [] };
  if (!follows) runs.push(into);
  const first = exact ? into.level.length : (startMs - into.startMs) / frameMs;
  level.forEach((_, i) => {
    const at = exact ? first + i : Math.floor(first + ((i + 0.5) * run.frameMs) / frameMs);
    const index = Math.min(at, into.level.length);
    for (const key of LISTS) into[key][index] = Math.max(into[key][index] ?? -Infinity, run[key][i]!);
  });
}

/** Where a run ends, ms; up to one value too far where its last is not full. */
export function endOf({ startMs, frameMs, level }: TraceFrames): number {
  return startMs + frameMs * level.length;
}
