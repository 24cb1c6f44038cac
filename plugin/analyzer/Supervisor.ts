import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { AnalysisState } from '../events/contract/v1/types.ts';
import type { AnalyzerStats, Logger } from '../UndertoneTypes.ts';
import { AnalyzerError, type AnalyzerLink, type AnalyzerRequest, type RoomListener } from './AnalyzerLink.ts';
import type { AnalyzerOptions, FromAnalyzer, ModelInfo, ToAnalyzer } from './protocol.ts';

/** The entry beside this file: `.ts` in a checkout, `.js` once built. */
const ENTRY = fileURLToPath(new URL(`./main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url));
const REQUEST_TIMEOUT_MS = 10_000;
const START_TIMEOUT_MS = 60_000;
const SHUTDOWN_TIMEOUT_MS = 1_500;
const BACKOFF_MS = [0, 250, 1_000, 2_000, 5_000] as const;
/** An analyzer that has run this long is taken for sound: the next restart is at once again. */
const SOUND_AFTER_MS = 30_000;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/**
 * Keeps one analyzer process alive: starts it, starts it again with backoff when it dies, and tells the rooms.
 * It runs at a lower priority than the host, so that under load the call comes before the analysis.
 */
export class Supervisor extends EventEmitter<{ state: [AnalysisState, reason?: string] }> implements AnalyzerLink {
  readonly #options: AnalyzerOptions;
  readonly #log: Logger;
  readonly #rooms = new Map<string, RoomListener>();
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  /** Settles `start()`; undefined once it has. */
  #firstStart: ((error?: Error) => void) | undefined;
  #info: ModelInfo | undefined;
  #lastInfo: ModelInfo | undefined;
  #state: AnalysisState = 'starting';
  #requestId = 0;
  #restarts = 0;
  #failures = 0;
  #startedAtMs = 0;
  #backoff: NodeJS.Timeout | undefined;
  #closing = false;
  #overloadLevel = 0;
  #recogniserTrouble: string | undefined;
  #stats = { cpuPercent: 0, rssBytes: 0, tracks: 0, dropped: { interims: 0, frames: 0, windows: 0 } };

  constructor(options: AnalyzerOptions, log: Logger) {
    super();
    this.#options = options;
    this.#log = log;
  }

  get info(): ModelInfo | undefined {
    return this.#info;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get state(): AnalysisState {
    return this.#state;
  }

  /** What the model could do when it was last seen. */
  get lastInfo(): ModelInfo | undefined {
    return this.#lastInfo;
  }

  stats(): AnalyzerStats {
    return {
      ...this.#stats,
      pid: this.#info && this.#child?.pid,
      restarts: this.#restarts,
      overloadLevel: this.#overloadLevel,
      provider: this.#lastInfo?.provider,
      providerReason: this.#lastInfo?.providerReason,
      model: this.#lastInfo && { id: this.#lastInfo.id, version: this.#lastInfo.version },
    };
  }

  /**
   * Starts the analyzer and waits until it can work.
   * @throws AnalyzerError with the analyzer's own words when it cannot (a missing model, a provider that is not there)
   */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        clearTimeout(timer);
        this.#firstStart = undefined;
        if (error) reject(error);
        else resolve();
      };
      const timer = setTimeout(() => {
        settle(
          new AnalyzerError(`the analyzer was not ready within ${START_TIMEOUT_MS / 1000} s`, { retryable: true }),
        );
        void this.close();
      }, START_TIMEOUT_MS);
      this.#firstStart = settle;
      this.#spawn();
    });
  }

  send(message: ToAnalyzer): void {
    if (!this.#child?.connected) return;
    // A child that dies while the message is on its way reports it here; its exit is handled where it is noticed.
    this.#child.send(message, () => undefined);
  }

  request(message: AnalyzerRequest): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    if (!this.#info) {
      reject(new AnalyzerError('the analyzer is not running', { retryable: true }));
      return promise;
    }
    const requestId = ++this.#requestId;
    const timer = setTimeout(() => {
      this.#pending.delete(requestId);
      reject(new AnalyzerError(`the analyzer did not answer ${message.type}`, { retryable: true }));
    }, REQUEST_TIMEOUT_MS);
    this.#pending.set(requestId, { resolve, reject, timer });
    this.send({ ...message, requestId });
    return promise;
  }

  addRoom(roomId: string, listener: RoomListener): void {
    this.#rooms.set(roomId, listener);
    if (this.#info) listener.up(this.#info);
    if (this.#recogniserTrouble !== undefined) listener.recogniser(this.#recogniserTrouble);
  }

  removeRoom(roomId: string): void {
    this.#rooms.delete(roomId);
    this.send({ type: 'room.close', roomId });
  }

  /** Lets the analyzer finish what it has in hand, for a moment; then ends it. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    clearTimeout(this.#backoff);
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      this.send({ type: 'shutdown' });
      const timer = setTimeout(() => child.kill('SIGKILL'), SHUTDOWN_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    }
    this.#setState('stopped');
  }

  #spawn(): void {
    this.#startedAtMs = Date.now();
    const child = fork(ENTRY, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Freed tensors go back to the system instead of growing the process.
      env: {
        ...process.env,
        MALLOC_MMAP_THRESHOLD_: '131072',
        MALLOC_TRIM_THRESHOLD_: '131072',
        MALLOC_ARENA_MAX: '2',
      },
      // Options of the host's own node (a debugger's port, a test runner's) are not the analyzer's.
      execArgv: [],
    });
    this.#child = child;
    this.#lowerPriority(child);
    child.on('message', (message) => this.#receive(message as FromAnalyzer));
    child.once('error', (error) =>
      this.#log.error({ code: (error as NodeJS.ErrnoException).code }, 'analyzer process'),
    );
    child.once('exit', (code, signal) => this.#exited(code, signal));
    this.send({ type: 'init', options: { ...this.#options, provider: this.#provider() } });
  }

  /** A restart takes the provider that worked, without probing all again; one that keeps failing is chosen anew. */
  #provider(): AnalyzerOptions['provider'] {
    const known = this.#failures <= 1 ? this.#lastInfo?.provider : undefined;
    return (known as AnalyzerOptions['provider'] | undefined) ?? this.#options.provider;
  }

  #lowerPriority(child: ChildProcess): void {
    if (child.pid === undefined) return;
    try {
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // A container may forbid it; the analyzer then competes on equal terms.
    }
  }

  #receive(message: FromAnalyzer): void {
    switch (message.type) {
      case 'ready':
        this.#info = message.info;
        this.#lastInfo = message.info;
        this.#overloadLevel = 0;
        this.#setState('active');
        this.#firstStart?.();
        for (const listener of this.#rooms.values()) listener.up(message.info);
        break;
      case 'fatal':
        this.#log.error({ reason: message.message }, 'analyzer cannot start');
        // What cannot start the first time will not the second: only an analyzer that has worked is started again.
        this.#closing ||= this.#firstStart !== undefined;
        this.#firstStart?.(new AnalyzerError(message.message));
        break;
      case 'reply':
        this.#settle(message);
        break;
      case 'keyframe':
        this.#rooms.get(message.roomId)?.keyframe(message.trackId);
        break;
      case 'face.size':
        this.#rooms.get(message.roomId)?.faceSize(message.trackId, message.px);
        break;
      case 'signal':
        this.#rooms.get(message.roomId)?.signal(message.participantId, message.epoch, message.signal);
        break;
      case 'trace':
        this.#rooms.get(message.roomId)?.trace(message.participantId, message.epoch, message.batch);
        break;
      case 'participant.closed':
        this.#rooms.get(message.roomId)?.participantClosed(message.participantId);
        break;
      case 'stats': {
        const { cpuPercent, rssBytes, tracks, dropped } = message;
        this.#stats = { cpuPercent, rssBytes, tracks, dropped };
        break;
      }
      case 'recogniser':
        this.#recogniserTrouble = message.trouble;
        if (message.trouble !== undefined) this.#log.warn({ reason: message.trouble }, 'recogniser');
        for (const listener of this.#rooms.values()) listener.recogniser(message.trouble);
        break;
      case 'overload':
        this.#overloadLevel = message.level;
        for (const listener of this.#rooms.values()) {
          listener.overload(message.level, message.change, message.dropped);
        }
        break;
      case 'error':
        this.#log.warn({ code: message.code, reason: message.message }, 'analyzer');
        if (message.roomId === undefined) for (const listener of this.#rooms.values()) listener.error(message);
        else this.#rooms.get(message.roomId)?.error(message);
        break;
    }
  }

  #settle(reply: Extract<FromAnalyzer, { type: 'reply' }>): void {
    const pending = this.#pending.get(reply.requestId);
    if (!pending) return;
    this.#pending.delete(reply.requestId);
    clearTimeout(pending.timer);
    if (reply.ok) pending.resolve(reply.value);
    else pending.reject(new AnalyzerError(reply.message, { field: reply.field }));
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    const reason = signal ? `analyzer ended by ${signal}` : `analyzer exited with ${code}`;
    this.#child = undefined;
    this.#info = undefined;
    this.#recogniserTrouble = undefined;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new AnalyzerError(reason, { retryable: true }));
    }
    this.#pending.clear();
    if (this.#firstStart) {
      this.#closing = true;
      this.#firstStart(new AnalyzerError(`${reason} before it was ready`));
    }
    if (this.#closing) return;
    this.#failures = Date.now() - this.#startedAtMs > SOUND_AFTER_MS ? 0 : this.#failures;
    const delayMs = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)]!;
    this.#failures += 1;
    this.#restarts += 1;
    this.#log.warn({ reason, delayMs, restarts: this.#restarts }, 'analyzer is started again');
    this.#setState('degraded', reason);
    for (const listener of this.#rooms.values()) listener.down(reason);
    this.#backoff = setTimeout(() => this.#spawn(), delayMs);
  }

  #setState(state: AnalysisState, reason?: string): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit('state', state, reason);
  }
}
