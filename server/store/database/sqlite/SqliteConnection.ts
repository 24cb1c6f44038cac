import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DatabaseError, type Row } from '../DatabaseTypes.ts';
import type { SqliteReply, SqliteTask, SqliteThreadOptions } from './sqlite-protocol.ts';

const ENTRY = new URL(`./sqlite-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** A connection to a SQLite file; what is asked is done in its order, on its own thread. */
export class SqliteConnection {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<Row[] | number>>();
  #lastId = 0;
  #ended: DatabaseError | undefined;

  constructor(options: SqliteThreadOptions) {
    this.#worker = new Worker(ENTRY, { name: 'undertone-store', workerData: options, execArgv: [] });
    // An idle store keeps no process alive; one that is asked something does.
    this.#worker.unref();
    this.#worker.on('message', (reply: SqliteReply) => this.#answered(reply));
    this.#worker.on('error', (error: Error) => this.#end(error.message));
    this.#worker.on('exit', () => this.#end('the thread of the store has ended'));
  }

  async ask(task: SqliteTask): Promise<Row[] | number> {
    if (this.#ended) throw this.#ended;
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<Row[] | number>();
    if (this.#waiting.size === 0) this.#worker.ref();
    this.#waiting.set(id, waiting);
    this.#worker.postMessage({ ...task, id });
    return waiting.promise;
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    const exited = once(this.#worker, 'exit');
    await this.ask({ op: 'close' });
    this.#worker.ref();
    await exited;
  }

  #answered(reply: SqliteReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('failure' in reply) waiting?.reject(new DatabaseError(reply.failure.message, reply.failure.code));
    else waiting?.resolve(reply.value);
  }

  #end(reason: string): void {
    this.#ended ??= new DatabaseError(reason, 'SQLITE_CLOSED');
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
