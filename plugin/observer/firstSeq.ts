let latest = 0;

/**
 * Where the numbers of a newly opened room begin: the wall clock in ms. A room makes far fewer than a thousand events a second,
 * so one that is opened again, also by another process or after a crash, begins above all it ever gave out, and nothing
 * has to be kept on disk. Within a process a clock that is set back does no harm; a host app that keeps events across
 * restarts gives `firstSeq` itself.
 */
export function firstSeqNow(nowMs: number = performance.timeOrigin + performance.now()): number {
  latest = Math.max(latest + 1, Math.floor(nowMs));
  return latest;
}
