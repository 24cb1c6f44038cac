import { Worker } from 'node:worker_threads';
import type { ReportMaker } from './ReportMaker.ts';
import type { ReportReply, ReportRequest } from './report-protocol.ts';

const ENTRY = new URL(`./report-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
/** Who looks at one report looks at the next as well; starting a thread takes longer than making a short report. */
const IDLE_MS = 60_000;
const ENDED = 'the thread of the reports has ended';

/** A thread that makes reports, one after the other. It is there while they are asked for. */
export class ReportThread {
  #worker: Worker | undefined;
  #ended = Promise.withResolvers<never>();
  #idle: NodeJS.Timeout | undefined;

  /** Begins a report; the one before it has to be done. @throws Error when the thread has ended in the middle */
  async begin(options: { roomId: string }): Promise<ReportMaker> {
    const worker = (this.#worker ??= this.#start());
    await this.#ask(worker, { begin: options });
    return {
      add: async (lines) => void (await this.#ask(worker, { lines })),
      report: async (wanted) => {
        const reply = await this.#ask(worker, { options: wanted });
        if (!('report' in reply)) throw new Error('the thread of the reports answered something else');
        return reply.report;
      },
    };
  }

  /** Ends the thread; the next report starts another. */
  close(): void {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    // Whoever asks from now on does not ask one that is about to end.
    this.#worker = undefined;
    void worker?.terminate();
  }

  async #ask(worker: Worker, request: ReportRequest): Promise<ReportReply> {
    // Another one knows nothing of what this one took in.
    if (worker !== this.#worker) throw new Error(ENDED);
    clearTimeout(this.#idle);
    const answered = Promise.withResolvers<ReportReply>();
    worker.once('message', answered.resolve);
    worker.postMessage(request);
    try {
      const reply = await Promise.race([answered.promise, this.#ended.promise]);
      if ('failure' in reply) throw new Error(reply.failure);
      return reply;
    } finally {
      worker.off('message', answered.resolve);
      this.#idle = setTimeout(() => this.close(), IDLE_MS).unref();
    }
  }

  #start(): Worker {
    const worker = new Worker(ENTRY, { name: 'undertone-report', execArgv: [] });
    // It keeps no process alive.
    worker.unref();
    const ended = Promise.withResolvers<never>();
    // Told to who waits.
    ended.promise.catch(() => undefined);
    this.#ended = ended;
    const end = (reason: Error) => {
      if (this.#worker === worker) this.#worker = undefined;
      ended.reject(reason);
    };
    worker.on('error', end);
    worker.on('exit', () => end(new Error(ENDED)));
    return worker;
  }
}
