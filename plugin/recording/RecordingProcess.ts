import { fork, type ChildProcess } from 'node:child_process';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AnalyzerError } from '../analyzer/AnalyzerLink.ts';
import type { FromRecording, ToRecording } from '../analyzer/recording-protocol.ts';

const ENTRY = fileURLToPath(
  new URL(`../analyzer/recording-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);

/** The child process that analyses recordings. What is damaged or hostile in a file costs it, not its host. */
export class RecordingProcess {
  readonly #child: ChildProcess;
  readonly #messages: AsyncIterator<[FromRecording], void>;

  constructor() {
    this.#child = fork(ENTRY, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
      // Ctrl-C in a terminal goes to the whole group; the host ends the child when it has kept what is done.
      detached: process.platform !== 'win32',
    });
    this.#messages = on(this.#child, 'message', { close: ['exit'] }) as AsyncIterator<[FromRecording], void>;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToRecording): void {
    this.#child.send(message);
  }

  /** @throws AnalyzerError where it has failed or ended */
  async next(): Promise<FromRecording> {
    const { value } = await this.#messages.next();
    if (!value) throw new AnalyzerError('the analysis ended before the recording did', { retryable: true });
    const [message] = value;
    if (message.type === 'fatal') throw new AnalyzerError(message.message);
    return message;
  }

  close(): void {
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill();
  }
}
