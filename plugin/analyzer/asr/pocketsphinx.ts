import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Backoff } from './backoff.ts';
import { RecogniserError } from './AsrTypes.ts';
import type { Recogniser, RecogniserHealth, RecogniserTurn, TurnListener } from './AsrTypes.ts';
import { PocketsphinxProcess } from './pocketsphinx-process.ts';

/** So many people at once; whoever speaks beyond that goes without words. */
const MAX_TURNS = 8;
const START_TIMEOUT_MS = 30_000;
const INSTALL = 'apt-get install pocketsphinx pocketsphinx-en-us';

export interface PocketsphinxOptions {
  /** Folder with `en-us`, `en-us.lm.bin` and `cmudict-en-us.dict`. @default what Debian installs */
  modelDir?: string;
  /** @default 'pocketsphinx_continuous' */
  command?: string;
  /** How long a turn may take to be answered once its sound has ended, ms. @default 40000: then no result waits for it */
  answerMs?: number;
}

/**
 * CMU PocketSphinx as Debian packages it: a process for each turn, started ahead so that its model is loaded when somebody
 * speaks. It gives no interim results, knows English and mishears every third word: for tests, and where nothing better is
 * at hand.
 */
export class PocketsphinxRecogniser implements Recogniser {
  readonly name = 'pocketsphinx';
  readonly #options: PocketsphinxOptions;
  readonly #health: RecogniserHealth;
  readonly #backoff = new Backoff();
  readonly #running = new Set<PocketsphinxProcess>();
  #spare: PocketsphinxProcess | undefined;
  #notBeforeMs = -Infinity;
  #ill = false;
  #closed = false;

  private constructor(options: PocketsphinxOptions, health: RecogniserHealth) {
    this.#options = options;
    this.#health = health;
  }

  /** @throws RecogniserError when the program or its model is missing, saying what to install */
  static async start(options: PocketsphinxOptions, health: RecogniserHealth): Promise<PocketsphinxRecogniser> {
    const recogniser = new PocketsphinxRecogniser(options, health);
    await recogniser.#tryOut();
    recogniser.#spare = recogniser.#spawn();
    return recogniser;
  }

  begin(listener: TurnListener): RecogniserTurn | undefined {
    if (this.#closed || this.#running.size >= MAX_TURNS || performance.now() < this.#notBeforeMs) return undefined;
    const process = this.#spare ?? this.#spawn();
    this.#spare = undefined;
    this.#running.add(process);
    void process.outcome.then((outcome) => {
      this.#running.delete(process);
      if (outcome.kind === 'words') {
        const { words } = outcome;
        listener.heard({ text: words.map(({ text }) => text).join(' '), words, final: true });
        this.#well();
      } else if (outcome.kind === 'failed') this.#failed(outcome.reason);
      listener.ended();
    });
    // The next turn finds its model loaded.
    this.#spare = this.#spawn();
    return process;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const processes = [...this.#running, ...(this.#spare ? [this.#spare] : [])];
    for (const process of processes) process.cancel();
    await Promise.all(processes.map(({ gone }) => gone));
  }

  #spawn(): PocketsphinxProcess {
    const { modelDir: dir, command = 'pocketsphinx_continuous', answerMs = 40_000 } = this.#options;
    const files = modelFiles(dir);
    const model = files ? ['-hmm', files.hmm, '-lm', files.lm, '-dict', files.dict] : [];
    return new PocketsphinxProcess(command, model, answerMs);
  }

  async #tryOut(): Promise<void> {
    const { modelDir } = this.#options;
    const missing = Object.values(modelFiles(modelDir) ?? {}).find((file) => !existsSync(file));
    if (missing !== undefined) throw new RecogniserError(`transcript.model: ${missing} is missing`);
    const process = this.#spawn();
    const timer = setTimeout(() => process.cancel(), START_TIMEOUT_MS);
    process.finish();
    const outcome = await process.outcome;
    clearTimeout(timer);
    if (outcome.kind === 'words') return;
    const why = outcome.kind === 'failed' ? outcome.reason : 'it did not start in time';
    throw new RecogniserError(`transcript.recogniser: pocketsphinx cannot be used (${why}): ${INSTALL}`);
  }

  #failed(reason: string): void {
    if (this.#closed) return;
    const delayMs = this.#backoff.failed();
    this.#notBeforeMs = performance.now() + delayMs;
    this.#ill = true;
    this.#health.failed(reason);
  }

  #well(): void {
    this.#backoff.succeeded();
    if (!this.#ill) return;
    this.#ill = false;
    this.#health.recovered();
  }
}

function modelFiles(dir: string | undefined): { hmm: string; lm: string; dict: string } | undefined {
  if (dir === undefined) return undefined;
  return { hmm: join(dir, 'en-us'), lm: join(dir, 'en-us.lm.bin'), dict: join(dir, 'cmudict-en-us.dict') };
}
