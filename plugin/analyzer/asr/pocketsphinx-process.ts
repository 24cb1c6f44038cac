import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { RecognisedWord, RecogniserTurn } from './AsrTypes.ts';
import { parsePocketsphinx } from './pocketsphinx-output.ts';
import { toPcm16 } from './pcm16.ts';

/** 16-bit sound at 16 kHz. */
const BYTES_PER_MS = 32;
/** Further behind than this, it will not catch up. */
const MAX_BACKLOG_BYTES = 10_000 * BYTES_PER_MS;
const MAX_OUTPUT_CHARACTERS = 1_000_000;
/** The program opens its input by name, which works for a pipe; what Node gives a child is a socket. */
const SCRIPT = 'cat | exec "$0" "$@" -infile /dev/stdin -time yes -logfn /dev/null';

export type Outcome =
  { kind: 'words'; words: RecognisedWord[] } | { kind: 'failed'; reason: string } | { kind: 'cancelled' };

/** One run of pocketsphinx_continuous over the sound of one turn. */
export class PocketsphinxProcess implements RecogniserTurn {
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  /** Resolves when the process is no more. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #settle: (outcome: Outcome) => void;
  readonly #answerMs: number;
  #deadline: NodeJS.Timeout | undefined;
  #output = '';
  #finished = false;

  /** @param answerMs how long it may take once the sound has ended */
  constructor(command: string, args: readonly string[], answerMs: number) {
    this.#answerMs = answerMs;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.outcome = promise;
    this.#settle = resolve;
    // A group of its own, so that all of it can be ended.
    this.#child = spawn('/bin/sh', ['-c', SCRIPT, command, ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    this.gone = new Promise((done) => {
      this.#child.once('close', () => done());
      this.#child.once('error', () => done());
    });
    this.#child.stdout.setEncoding('utf8');
    this.#child.stdout.on('data', (text: string) => {
      if (this.#output.length < MAX_OUTPUT_CHARACTERS) this.#output += text;
    });
    // Sound that is written to a process which has just died; how it died is told below.
    this.#child.stdin.on('error', () => undefined);
    this.#child.once('error', ({ message }) => this.#end({ kind: 'failed', reason: message }));
    this.#child.once('close', (code, signal) => this.#closed(code, signal));
  }

  hear(pcm: Float32Array): boolean {
    const { stdin } = this.#child;
    if (this.#finished || stdin.destroyed || stdin.writableLength > MAX_BACKLOG_BYTES) return false;
    stdin.write(toPcm16(pcm));
    return true;
  }

  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#child.stdin.end();
    if (this.#isGone) return;
    this.#deadline = setTimeout(() => {
      this.#end({ kind: 'failed', reason: `pocketsphinx did not answer within ${this.#answerMs / 1000} s` });
      this.#kill();
    }, this.#answerMs);
  }

  cancel(): void {
    this.#finished = true;
    this.#end({ kind: 'cancelled' });
    this.#kill();
  }

  get #isGone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #closed(code: number | null, signal: NodeJS.Signals | null): void {
    if (code === 0 && this.#finished) this.#end({ kind: 'words', words: parsePocketsphinx(this.#output) });
    else if (code === 127) this.#end({ kind: 'failed', reason: 'pocketsphinx_continuous is not installed' });
    else this.#end({ kind: 'failed', reason: `pocketsphinx ended ${signal ? `by ${signal}` : `with ${code}`}` });
    this.#output = '';
  }

  #end(outcome: Outcome): void {
    clearTimeout(this.#deadline);
    this.#settle(outcome);
  }

  #kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#isGone) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
}
