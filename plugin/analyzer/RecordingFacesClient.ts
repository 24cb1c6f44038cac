import { Worker } from 'node:worker_threads';
import type { FacesThreadOptions, FromFacesThread, ToFacesThread } from './recording-faces-thread.ts';
import { RecordingFileError, type PicturesSpec, type RecordedFace } from './recording/index.ts';

const ENTRY = new URL(`./recording-faces-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

type Request = ToFacesThread extends infer T ? (T extends ToFacesThread ? Omit<T, 'id'> : never) : never;

interface Waiting {
  resolve: (faces: RecordedFace[]) => void;
  reject: (error: Error) => void;
}

/** The videos of all participants, spread over some threads. Threads are asked to end, never terminated. */
export class RecordingFacesClient {
  readonly #threads: Worker[];
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<unknown>[];
  #nextId = 1;

  /** @param threads at least 1 */
  constructor(options: FacesThreadOptions, threads: number) {
    this.#threads = Array.from({ length: threads }, () => new Worker(ENTRY, { workerData: options }));
    this.#exited = this.#threads.map((thread) => new Promise((resolve) => thread.once('exit', resolve)));
    for (const thread of this.#threads) {
      thread.on('message', (message: FromFacesThread) => {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if (message.ok) waiting?.resolve(message.faces);
        else waiting?.reject(new RecordingFileError(`video: ${message.message}`));
      });
      thread.on('error', (error) => this.#fail(error));
    }
  }

  /** @throws RecordingFileError where the video cannot be read */
  async open(key: number, pictures: PicturesSpec): Promise<void> {
    await this.#ask({ type: 'open', key, pictures });
  }

  /** Leaves out what comes before `ms`. */
  async skipTo(key: number, ms: number): Promise<void> {
    await this.#ask({ type: 'skip', key, ms });
  }

  /** What is seen before `ms` and was not told before, in the order of time. */
  until(key: number, ms: number): Promise<RecordedFace[]> {
    return this.#ask({ type: 'until', key, ms });
  }

  async close(): Promise<void> {
    for (const thread of this.#threads) thread.postMessage({ id: 0, type: 'close' } satisfies ToFacesThread);
    await Promise.all(this.#exited);
  }

  #ask(request: Request & { key?: number }): Promise<RecordedFace[]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#threads[(request.key ?? 0) % this.#threads.length]!.postMessage({ id, ...request });
    });
  }

  #fail(error: unknown): void {
    const reason = error instanceof Error ? error : new Error(String(error));
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
