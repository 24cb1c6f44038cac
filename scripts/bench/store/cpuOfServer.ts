import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts the time of processes in hundredths of a second (proc(5), USER_HZ). */
const TICK_MS = 10;

/** Fields of a process's stat from the third on; the second is the program's name in brackets, which may hold anything. */
function statOf(pid: string): number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    return [];
  }
}

/** Processor time in ms of a process, of its children, and of those that have ended; undefined where there is no /proc. */
export function cpuOfServer(pid: number): number | undefined {
  const own = statOf(String(pid));
  if (own.length === 0) return undefined;
  const sum = (stat: number[], from: number, to: number) => stat.slice(from, to).reduce((a, b) => a + b, 0);
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter(([, parent]) => parent === pid);
  // utime, stime, and for the parent cutime and cstime too.
  return TICK_MS * (sum(own, 11, 15) + children.reduce((total, stat) => total + sum(stat, 11, 13), 0));
}
