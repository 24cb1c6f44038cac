import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../scripts/free-port.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const START_TIMEOUT_MS = 180_000;

export interface ServerProcess {
  url: string;
  pid: number;
  child: ChildProcess;
  /** What it wrote so far. */
  output(): string;
  /** Ends it by SIGTERM; resolves with its exit code and how long that took. */
  stop(): Promise<{ code: number | null; ms: number }>;
}

/** Starts the server as a user would, on a free port, and waits until it is ready. */
export async function startServer(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, UNDERTONE_PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = `http://127.0.0.1:${port}`;
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server was not ready in time:\n${output}`)), START_TIMEOUT_MS);
    child.stdout.on('data', () => {
      // The block that tells where to go is printed when everything is up.
      if (!output.includes(url)) return;
      clearTimeout(timer);
      resolve();
    });
    void exited.then(([code]) => reject(new Error(`the server ended with ${code}:\n${output}`)));
  });
  ready.catch(() => child.kill('SIGKILL'));
  await ready;
  return {
    url,
    pid: child.pid!,
    child,
    output: () => output,
    async stop() {
      const startedMs = performance.now();
      child.kill('SIGTERM');
      await exited;
      return { code: child.exitCode, ms: performance.now() - startedMs };
    },
  };
}
