import { fork, type ChildProcess } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { messageOf } from './errors.ts';
import { buffersOf, type FromThread, type ToThread } from './inference-thread-protocol.ts';

/** A worker thread shares this process; a child process can crash, and gives GPU memory back when it ends. */
export type Isolation = 'thread' | 'process';

/** The host's end of the line to a running inference thread or process. */
export interface ThreadHandle {
  /** Id of the child process; undefined for a thread. */
  readonly pid: number | undefined;
  send(message: ToThread): void;
  /** Resolves with how it ended, once it has; never rejects. */
  readonly ended: Promise<string>;
  /** Ends it now where that is safe: a child process. A thread inside a run would take the whole process with it. */
  kill(): void;
  /** Ends it now; only after it has said that it is closed. */
  end(): void;
}

export function startThread(isolation: Isolation, entry: URL, onMessage: (message: FromThread) => void): ThreadHandle {
  return isolation === 'thread' ? startWorker(entry, onMessage) : startChild(entry, onMessage);
}

function startWorker(entry: URL, onMessage: (message: FromThread) => void): ThreadHandle {
  const worker = new Worker(entry, { name: 'undertone-inference', execArgv: [] });
  worker.on('message', onMessage);
  const ended = new Promise<string>((resolve) => {
    worker.on('error', (error) => resolve(`the inference thread failed: ${messageOf(error)}`));
    worker.on('exit', (code) => resolve(`the inference thread ended with code ${code}`));
  });
  return {
    pid: undefined,
    send: (message) => worker.postMessage(message, buffersOf(message)),
    ended,
    kill: () => {
      // It cannot be ended inside a run; should the run return after all, it closes, and it holds nobody up.
      worker.unref();
      worker.postMessage({ type: 'close' } satisfies ToThread);
    },
    end: () => void worker.terminate(),
  };
}

function startChild(entry: URL, onMessage: (message: FromThread) => void): ThreadHandle {
  const child: ChildProcess = fork(entry, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', (message) => onMessage(message as FromThread));
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`the inference process failed: ${error.message}`));
    child.on('exit', (code, signal) => resolve(`the inference process ended with ${signal ?? `code ${code}`}`));
  });
  return {
    pid: child.pid,
    // Where the process is gone, `ended` tells; the callback keeps the failure from being thrown.
    send: (message) => void child.send(message, () => undefined),
    ended,
    kill: () => void child.kill('SIGKILL'),
    end: () => void child.kill('SIGKILL'),
  };
}
