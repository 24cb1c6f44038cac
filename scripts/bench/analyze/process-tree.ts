import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all that it started take, by /proc (Linux). */
export interface TreeUse {
  /** Resident, of all together, MiB. Pages that they share count for each. */
  rssMb: number;
  /** s, of those that still run. */
  cpuSeconds: number;
}

const PAGE_BYTES = 4_096;
const TICKS_PER_SECOND = 100;

export function treeUse(pid: number): TreeUse {
  const use = { rssMb: 0, cpuSeconds: 0 };
  for (const one of [pid, ...descendants(pid)]) {
    try {
      use.rssMb += (Number(readFileSync(`/proc/${one}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES) / 2 ** 20;
      const fields = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1]!.split(' ');
      use.cpuSeconds += (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    } catch {
      // It ended in between.
    }
  }
  return use;
}

function descendants(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return children.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}
