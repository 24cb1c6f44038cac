import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(import.meta.dirname, '..', '..');

export interface RunningExample {
  child: ChildProcess;
  /** Lines of its standard output as they come; ends with it. */
  lines: AsyncIterable<string>;
  /** What it wrote to standard error so far. */
  errors(): string;
  /** Ends it as Ctrl+C does; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts an example by the command of its README. */
export function startExample(
  name: string,
  { args = [], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {},
): RunningExample {
  const child = spawn(process.execPath, [path.join(root, 'scripts', 'example.ts'), name, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = once(child, 'close') as Promise<[number | null]>;
  return {
    child,
    lines: createInterface(child.stdout),
    errors: () => errors,
    async stop() {
      child.kill('SIGINT');
      return (await exited)[0];
    },
  };
}

/** Runs an example to its end. */
export async function runExample(...given: Parameters<typeof startExample>) {
  const example = startExample(...given);
  const closed = once(example.child, 'close') as Promise<[number | null]>;
  const lines = await Array.fromAsync(example.lines);
  const [code] = await closed;
  return { code, lines, errors: example.errors() };
}
