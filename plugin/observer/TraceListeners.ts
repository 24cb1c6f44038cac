import type { TraceBatch } from '../events/trace/TraceTypes.ts';
import type { TraceListener } from './EmotionObserverTypes.ts';

export interface TraceListenersOptions {
  /** The first listener of a participant has come, or the last one has gone. */
  wanted(participantId: string, on: boolean): void;
  /** A listener threw. */
  failed(error: Error): void;
}

/** Who looks at the windows of which participant. */
export class TraceListeners {
  readonly #options: TraceListenersOptions;
  readonly #listeners = new Map<string, Set<TraceListener>>();

  constructor(options: TraceListenersOptions) {
    this.#options = options;
  }

  get participants(): string[] {
    return [...this.#listeners.keys()];
  }

  /** @returns what ends it */
  add(participantId: string, listener: TraceListener): () => void {
    const listeners = this.#listeners.get(participantId) ?? new Set();
    if (listeners.size === 0) {
      this.#listeners.set(participantId, listeners);
      this.#options.wanted(participantId, true);
    }
    // An object of its own, so that the same listener may be added twice.
    const entry: TraceListener = {
      batch: (batch) => listener.batch(batch),
      retracted: () => listener.retracted?.(),
    };
    listeners.add(entry);
    return () => {
      if (!listeners.delete(entry) || listeners.size > 0) return;
      this.#listeners.delete(participantId);
      this.#options.wanted(participantId, false);
    };
  }

  tell(participantId: string, batch: TraceBatch): void {
    this.#each(participantId, (listener) => listener.batch(batch));
  }

  retract(participantId: string): void {
    this.#each(participantId, (listener) => listener.retracted?.());
  }

  clear(): void {
    this.#listeners.clear();
  }

  #each(participantId: string, act: (listener: TraceListener) => void): void {
    for (const listener of [...(this.#listeners.get(participantId) ?? [])]) {
      try {
        act(listener);
      } catch (error) {
        this.#options.failed(error as Error);
      }
    }
  }
}
