import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** When a process was started, in ticks since boot (proc(5), field 22 of stat); empty where there is no /proc. */
function startedAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, which may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A name for this process that no later one has, although numbers of processes are given again. */
export function processOwner(): string {
  return [hostname(), process.pid, startedAt(process.pid)].join(' ');
}

/** Whether the process of that name runs. A SQLite file belongs to one machine: a name from another is of one that has gone. */
export function ownerRuns(owner: string): boolean {
  if (owner === processOwner()) return true;
  const [host, pid, started] = owner.split(' ');
  if (host !== hostname() || Number(pid) === process.pid) return false;
  return runs(Number(pid)) && startedAt(Number(pid)) === started;
}
