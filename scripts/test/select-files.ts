import { globSync } from 'node:fs';
import path from 'node:path';

export interface Selection {
  /** Test files for Node.js that may run beside each other. */
  parallel: string[];
  /** Test files that measure time, or that start browsers: one at a time, with the machine to themselves. */
  serial: string[];
  python: string[];
}

const SERIAL = /^test\/(e2e|bench|client|examples|observer|cli|package|server|web)\//;

/**
 * @param root the clone
 * @param wanted parts of the paths of the test files to run; none for all
 * @returns paths relative to the clone
 * @throws RangeError when one of the wanted is part of no test file's path
 */
export function selectFiles(root: string, wanted: readonly string[]): Selection {
  const all = [
    ...globSync('test/**/*.test.ts', { cwd: root }),
    ...globSync('models/tests/**/test_*.py', { cwd: root }),
  ].sort();
  const parts = wanted.map((part) => path.normalize(part).replace(/^\.\//, ''));
  for (const part of parts) {
    if (!all.some((file) => file.includes(part))) {
      throw new RangeError(
        `No test file has '${part}' in its path. There are ${all.length}, in test/ and models/tests/.`,
      );
    }
  }
  const chosen = parts.length === 0 ? all : all.filter((file) => parts.some((part) => file.includes(part)));
  const node = chosen.filter((file) => file.endsWith('.ts'));
  return {
    parallel: node.filter((file) => !SERIAL.test(file)),
    serial: node.filter((file) => SERIAL.test(file)),
    python: chosen.filter((file) => file.endsWith('.py')),
  };
}
