const SHORTEST_MS = 45_000;
const LONGEST_MS = 180_000;

/**
 * The stretch of time that a strip shows, in wall milliseconds: it fills like a line of writing until it is three
 * minutes long, then moves on.
 */
export function stripRange(sinceMs: number, nowMs: number): { fromMs: number; toMs: number } {
  const fromMs = Math.max(sinceMs, nowMs - LONGEST_MS);
  return { fromMs, toMs: Math.max(nowMs, fromMs + SHORTEST_MS) };
}
