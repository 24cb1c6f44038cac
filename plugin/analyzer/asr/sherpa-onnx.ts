import { Backoff } from './backoff.ts';
import { RecogniserError } from './AsrTypes.ts';
import type { Recogniser, RecogniserHealth, RecogniserTurn, TurnListener } from './AsrTypes.ts';
import { findSherpaModel, type SherpaModel } from './sherpa-onnx-model.ts';
import { SherpaHost } from './sherpa-onnx-host.ts';

export interface SherpaOnnxOptions {
  /** Folder of a streaming model. */
  modelDir: string;
  threads: number;
  /** The process that runs it; for tests. @default sherpa-onnx-process beside this file */
  entry?: string;
  /** How long it may leave sound unanswered before it is taken to hang, ms. @default 10000 */
  hangMs?: number;
}

/**
 * Streaming recognition by sherpa-onnx (npm `sherpa-onnx-node`, an optional peer) with a model that the operator names: one
 * process for all participants, watched, and started again with growing delays when it crashes or hangs.
 */
export class SherpaOnnxRecogniser implements Recogniser {
  readonly name = 'sherpa-onnx';
  readonly #options: SherpaOnnxOptions;
  readonly #model: SherpaModel;
  readonly #health: RecogniserHealth;
  readonly #backoff = new Backoff();
  #host: SherpaHost | undefined;
  #restart: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(options: SherpaOnnxOptions, model: SherpaModel, health: RecogniserHealth) {
    this.#options = options;
    this.#model = model;
    this.#health = health;
  }

  /** @throws RecogniserError when a file, the package or what is in them is not right, saying what to do */
  static async start(options: SherpaOnnxOptions, health: RecogniserHealth): Promise<SherpaOnnxRecogniser> {
    const recogniser = new SherpaOnnxRecogniser(options, findSherpaModel(options.modelDir), health);
    try {
      await recogniser.#open();
    } catch (error) {
      throw new RecogniserError(`transcript.recogniser: sherpa-onnx: ${(error as Error).message}`);
    }
    return recogniser;
  }

  begin(listener: TurnListener): RecogniserTurn | undefined {
    return this.#host?.begin(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    await this.#host?.close();
  }

  async #open(): Promise<void> {
    const { entry, hangMs, threads } = this.#options;
    const host = new SherpaHost({ model: this.#model, threads, entry, hangMs });
    await host.opened;
    if (this.#closed) return host.close();
    this.#host = host;
    void host.ended.then((reason) => {
      this.#host = undefined;
      if (!this.#closed) this.#lost(reason);
    });
  }

  #lost(reason: string): void {
    this.#health.failed(reason);
    this.#restart = setTimeout(() => {
      this.#open().then(
        () => {
          if (this.#closed) return;
          this.#health.recovered();
          // It has to prove itself: one that crashes on the first sound is not started at once again and again.
          this.#host?.proven.then(
            () => this.#backoff.succeeded(),
            () => undefined,
          );
        },
        (error: Error) => {
          if (!this.#closed) this.#lost(error.message);
        },
      );
    }, this.#backoff.failed());
  }
}
