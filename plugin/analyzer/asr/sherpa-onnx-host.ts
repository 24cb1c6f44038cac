import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RecogniserTurn, TurnListener } from './AsrTypes.ts';
import type { SherpaModel } from './sherpa-onnx-model.ts';
import type { FromSherpa, ToSherpa } from './sherpa-onnx-protocol.ts';

const ENTRY = fileURLToPath(
  new URL(`./sherpa-onnx-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);
const OPEN_TIMEOUT_MS = 120_000;
const HANG_MS = 10_000;
/** 5 s of sound: further behind than this, it will not catch up. */
const MAX_BACKLOG_SAMPLES = 5 * 16_000;
const MAX_TURNS = 256;
/** What it said last on stderr goes into the reason when it dies. */
const STDERR_CHARACTERS = 2000;
const LAST_WORDS_MS = 500;

export interface SherpaHostOptions {
  model: SherpaModel;
  threads: number;
  entry?: string;
  hangMs?: number;
}

interface Turn {
  readonly listener: TurnListener;
  /** Samples that were sent and not answered. */
  backlog: number;
  finished: boolean;
}

/** One life of the process that runs sherpa-onnx. */
export class SherpaHost {
  /** Rejects with what went wrong. */
  readonly opened: Promise<void>;
  /** Resolves with the reason when the process is gone or has hung. */
  readonly ended: Promise<string>;
  /** Resolves when it has answered a turn, rejects when it ends before. */
  readonly proven: Promise<void>;
  readonly #child: ChildProcess;
  readonly #hangMs: number;
  readonly #turns = new Map<number, Turn>();
  readonly #prove: () => void;
  readonly #open: PromiseWithResolvers<void>;
  readonly #end = Promise.withResolvers<string>();
  #watchdog: NodeJS.Timeout | undefined;
  #nextTurn = 1;
  #stderr = '';
  #gone = false;

  constructor({ model, threads, entry = ENTRY, hangMs = HANG_MS }: SherpaHostOptions) {
    this.#hangMs = hangMs;
    this.#open = Promise.withResolvers<void>();
    this.opened = this.#open.promise;
    this.ended = this.#end.promise;
    const proof = Promise.withResolvers<void>();
    this.proven = proof.promise;
    this.#prove = proof.resolve;
    this.proven.catch(() => undefined);
    void this.ended.then((reason) => proof.reject(new Error(reason)));
    this.#child = fork(entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARACTERS);
    });
    this.#child.on('message', (message) => this.#receive(message as FromSherpa));
    this.#child.once('error', ({ message }) => this.#over(message));
    this.#child.once('exit', (code, signal) => {
      const reason = signal ? `sherpa-onnx ended by ${signal}` : `sherpa-onnx ended with ${code}`;
      // What it said last may still be on its way. (`close` does not come where this side has disconnected.)
      const stderr = this.#child.stderr!;
      if (stderr.destroyed) return this.#over(reason);
      const timer = setTimeout(() => this.#over(reason), LAST_WORDS_MS);
      stderr.once('close', () => {
        clearTimeout(timer);
        this.#over(reason);
      });
    });
    const timer = setTimeout(
      () => this.#hung(`the model was not loaded in ${OPEN_TIMEOUT_MS / 1000} s`),
      OPEN_TIMEOUT_MS,
    );
    this.opened.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
    this.#send({ type: 'open', model, threads });
  }

  begin(listener: TurnListener): RecogniserTurn | undefined {
    if (this.#gone || this.#turns.size >= MAX_TURNS) return undefined;
    const id = this.#nextTurn++;
    const turn: Turn = { listener, backlog: 0, finished: false };
    this.#turns.set(id, turn);
    this.#send({ type: 'begin', turn: id });
    return {
      hear: (pcm) => {
        if (this.#turns.get(id) !== turn || turn.finished || turn.backlog > MAX_BACKLOG_SAMPLES) return false;
        turn.backlog += pcm.length;
        this.#send({ type: 'hear', turn: id, pcm });
        this.#watch();
        return true;
      },
      finish: () => {
        if (turn.finished) return;
        turn.finished = true;
        this.#send({ type: 'finish', turn: id });
        this.#watch();
      },
      cancel: () => {
        if (!this.#turns.delete(id)) return;
        this.#send({ type: 'cancel', turn: id });
        listener.ended();
      },
    };
  }

  async close(): Promise<void> {
    if (this.#gone) return;
    this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 1000);
    await this.ended;
    clearTimeout(timer);
  }

  #receive(message: FromSherpa): void {
    switch (message.type) {
      case 'opened':
        return this.#open.resolve();
      case 'failed':
        this.#open.reject(new Error(this.#explained(message.message)));
        this.#child.kill();
        return;
      case 'heard': {
        const turn = this.#turns.get(message.turn);
        if (turn) turn.backlog -= message.samples;
        return this.#answered();
      }
      case 'hypothesis': {
        const turn = this.#turns.get(message.turn);
        if (message.hypothesis.final) this.#turns.delete(message.turn);
        this.#answered();
        if (!turn) return;
        turn.listener.heard(message.hypothesis);
        if (!message.hypothesis.final) return;
        this.#prove();
        turn.listener.ended();
      }
    }
  }

  /** Something is due: it has to come within a while. */
  #watch(): void {
    this.#watchdog ??= setTimeout(
      () => this.#hung(`sherpa-onnx did not answer within ${this.#hangMs / 1000} s`),
      this.#hangMs,
    );
  }

  #answered(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
    for (const { backlog, finished } of this.#turns.values()) if (backlog > 0 || finished) return this.#watch();
  }

  #hung(reason: string): void {
    this.#over(reason);
    this.#child.kill('SIGKILL');
  }

  #over(reason: string): void {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#watchdog);
    this.#open.reject(new Error(this.#explained(reason)));
    const turns = [...this.#turns.values()];
    this.#turns.clear();
    for (const { listener } of turns) listener.ended();
    this.#end.resolve(reason);
  }

  /** With what the native code said about it: the last line with the name of a file or a reason in it. */
  #explained(reason: string): string {
    const lines = this.#stderr.split('\n').filter((line) => line.trim() !== '');
    const telling = lines.find((line) => /not exist|fail|error|invalid|cannot/i.test(line)) ?? lines.at(-1);
    return telling === undefined
      ? reason
      : `${reason} (${telling
          .trim()
          .replace(/^what\(\):\s*|^\S*\/csrc\//, '')
          .slice(0, 300)})`;
  }

  #send(message: ToSherpa): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}
