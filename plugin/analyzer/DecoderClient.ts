import { Worker } from 'node:worker_threads';
import type { DecoderThreadOptions, FromDecoderThread, ToDecoderThread } from './decoder-thread-protocol.ts';
import type { Codec } from './protocol.ts';

export type DecoderMessage = Exclude<FromDecoderThread, { type: 'ready' | 'drained' }>;

const ENTRY = new URL(`./decoder-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** The decoder thread as the analyzer sees it. It is drained, never terminated: its native code would take the process with it. */
export class DecoderClient {
  readonly decoders: Readonly<Record<Codec, string>>;
  readonly #worker: Worker;
  readonly #exited: Promise<unknown>;

  private constructor(worker: Worker, decoders: Readonly<Record<Codec, string>>) {
    this.#worker = worker;
    this.decoders = decoders;
    this.#exited = new Promise((resolve) => worker.once('exit', resolve));
  }

  /** @throws Error when a detector or a decoder is missing */
  static start(options: DecoderThreadOptions, received: (message: DecoderMessage) => void): Promise<DecoderClient> {
    const worker = new Worker(ENTRY, { workerData: options });
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromDecoderThread) => {
        if (message.type === 'ready') resolve(new DecoderClient(worker, message.decoders));
        else if (message.type === 'error' && message.code === 'start-failed') reject(new Error(message.message));
        else if (message.type !== 'drained') received(message);
      });
      // After the start nobody waits for this promise: a thread that dies takes the process with it, and the host
      // starts a whole new analyzer, which is the one state that is known to be sound.
      worker.once('error', (error: Error) => {
        reject(error);
        queueMicrotask(() => {
          throw error;
        });
      });
    });
  }

  send(message: ToDecoderThread): void {
    this.#worker.postMessage(message);
  }

  datagram(trackId: string, data: Uint8Array<ArrayBuffer>, arrivalMs: number): void {
    this.#worker.postMessage({ type: 'datagram', trackId, data, arrivalMs } satisfies ToDecoderThread, [data.buffer]);
  }

  async close(): Promise<void> {
    this.send({ type: 'drain' });
    await this.#exited;
  }
}
