import type { EmotionObserver } from '../../../plugin/observer/EmotionObserverTypes.ts';
import type { TraceBatch } from '../../../plugin/events/trace/TraceTypes.ts';
import { RequestError } from '../../sfu/RequestError.ts';

/** Some 25 s; who reads less often gets the newest. */
const MAX_BATCHES = 64;
/** Who has not read for so long does not look any more. */
const IDLE_MS = 10_000;
/** Participants that one client may look at. */
const MAX_READERS = 16;

export interface TraceReading {
  /** What has come since the reading before. */
  batches: TraceBatch[];
  /** Everything read before is to be forgotten: consent was withdrawn. */
  retracted: boolean;
  /** Batches that waited too long and are gone. */
  lost: number;
}

interface Reader {
  waiting: TraceReading;
  idle: NodeJS.Timeout | undefined;
  end: () => void;
}

function nothing(): TraceReading {
  return { batches: [], retracted: false, lost: 0 };
}

/** What one client looks at: noted from its first reading on, for as long as it goes on reading. */
export class TraceReaders {
  readonly #observer: EmotionObserver;
  readonly #readers = new Map<string, Reader>();
  #closed = false;

  constructor(observer: EmotionObserver) {
    this.#observer = observer;
  }

  /** @throws RequestError `full` when the client looks at too many participants at once */
  read(participantId: string): TraceReading {
    const reader = this.#readers.get(participantId) ?? this.#open(participantId);
    clearTimeout(reader.idle);
    reader.idle = this.#idleTimer(participantId);
    const reading = reader.waiting;
    reader.waiting = nothing();
    return reading;
  }

  /** Whether this participant is being looked at already. */
  has(participantId: string): boolean {
    return this.#readers.has(participantId);
  }

  close(): void {
    this.#closed = true;
    for (const participantId of [...this.#readers.keys()]) this.#end(participantId);
  }

  #open(participantId: string): Reader {
    if (this.#readers.size >= MAX_READERS) {
      throw new RequestError('full', `a client can look at ${MAX_READERS} participants at a time`, 'participantId');
    }
    const reader: Reader = {
      waiting: nothing(),
      idle: undefined,
      end: () => undefined,
    };
    // A request may be answered after its client has gone.
    if (this.#closed) return reader;
    reader.end = this.#observer.trace(participantId, {
      batch: (batch) => {
        const { waiting } = reader;
        waiting.batches.push(batch);
        if (waiting.batches.length <= MAX_BATCHES) return;
        waiting.batches.shift();
        waiting.lost += 1;
      },
      retracted: () => (reader.waiting = { ...nothing(), retracted: true }),
    });
    this.#readers.set(participantId, reader);
    return reader;
  }

  #idleTimer(participantId: string): NodeJS.Timeout | undefined {
    return this.#closed ? undefined : setTimeout(() => this.#end(participantId), IDLE_MS).unref();
  }

  #end(participantId: string): void {
    const reader = this.#readers.get(participantId);
    if (!reader) return;
    clearTimeout(reader.idle);
    reader.end();
    this.#readers.delete(participantId);
  }
}
