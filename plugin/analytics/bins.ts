import type { ReportSlope } from '../events/contract/v1/types.ts';
import { type Interval, lengthOf } from './intervals.ts';
import { theilSen } from './theil-sen.ts';
import { THRESHOLDS } from './thresholds.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LENGTHS_MS = [1, 2, 5, 10, 15, 30, 60].map((minutes) => minutes * MINUTE_MS);

/** The stretches of a trend: how long they are, and from where they count. */
export interface Bins {
  startMs: number;
  binMs: number;
}

export function binsOf(span: Interval | undefined): Bins {
  const lengthMs = span ? lengthOf(span) : 0;
  const fitting = LENGTHS_MS.find((length) => lengthMs <= length * THRESHOLDS.trendBins);
  const hours = Math.ceil(lengthMs / (THRESHOLDS.trendBins * HOUR_MS));
  return { startMs: span?.startMs ?? 0, binMs: fitting ?? hours * HOUR_MS };
}

/** Puts what was said into the stretches that it began in, those without any left out. */
export function binned<T extends Interval>(
  items: readonly T[],
  { startMs, binMs }: Bins,
): { startMs: number; items: T[] }[] {
  const groups = Map.groupBy(items, (item) => Math.floor((item.startMs - startMs) / binMs));
  return [...groups].map(([index, group]) => ({ startMs: startMs + index * binMs, items: group }));
}

/** How a figure moves from stretch to stretch; null for too few of them. */
export function slopeOf(points: readonly { startMs: number; value: number }[]): ReportSlope | null {
  if (points.length < THRESHOLDS.slopeBins) return null;
  const fit = theilSen(
    points.map(({ startMs }) => startMs / HOUR_MS),
    points.map(({ value }) => value),
  );
  if (!fit) return null;
  const { slope, low, high } = fit;
  return { perHour: slope, low, high, clear: low > 0 || high < 0 };
}
