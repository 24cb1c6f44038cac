import type { TranscriptSegment, TranscriptSource } from '../transcript/TranscriptTypes.ts';
import { TranscriptSegmentError } from '../transcript/index.ts';

/** So much speech without a word from a source means that it hangs. */
const STALLED_AFTER_MS = 30_000;
const MAX_PARTICIPANTS = 1000;
/** Segments that are no segments are told of one by one up to here, then not any more. */
const MAX_TOLD_REFUSALS = 10;

export interface TranscriptSourcesContext {
  /** @throws TranscriptSegmentError for a segment that is none */
  push(segment: TranscriptSegment): void;
  tell(code: 'transcript-source-failed' | 'transcript-segment-refused', message: string): void;
  /** Whether words are to be expected has changed. */
  changed(): void;
}

interface Running {
  readonly name: string;
  /** Whose words it has given: only their silence tells anything. */
  readonly participants: Set<string>;
  speechMs: number;
  refusals: number;
}

/**
 * The sources of words that an observer was given. Each runs by itself: one that fails, hangs or sends nonsense costs its own
 * words and nothing else, and the room is told.
 */
export class TranscriptSources {
  readonly #context: TranscriptSourcesContext;
  readonly #running = new Set<Running>();
  /** Of a source that failed; words from anywhere end it. */
  #failed: string | undefined;
  #told: string | undefined;

  constructor(context: TranscriptSourcesContext) {
    this.#context = context;
  }

  /** Why there are no words, as far as sources are concerned. */
  get trouble(): string | undefined {
    if (this.#failed !== undefined) return this.#failed;
    const stalled = [...this.#running].find(({ speechMs }) => speechMs > STALLED_AFTER_MS);
    return stalled && `source ${stalled.name} gave no words for ${Math.round(stalled.speechMs / 1000)} s of speech`;
  }

  /** Reads a source until it ends, fails or the signal comes. */
  add(source: TranscriptSource, signal: AbortSignal): void {
    const running: Running = { name: source.name, participants: new Set(), speechMs: 0, refusals: 0 };
    this.#running.add(running);
    void (async () => {
      try {
        for await (const segment of source.segments(signal)) this.#take(running, segment);
      } catch (error) {
        if (signal.aborted) return;
        this.#failed = `source ${source.name} failed`;
        this.#context.tell('transcript-source-failed', `transcript source ${source.name}: ${(error as Error).message}`);
      } finally {
        this.#running.delete(running);
        this.#settle();
      }
    })();
  }

  /** Words have come, from wherever. */
  words(): void {
    if (this.#failed === undefined) return;
    this.#failed = undefined;
    this.#settle();
  }

  /** Somebody has spoken who allows their words to be used. */
  spoke(participantId: string, ms: number): void {
    for (const running of this.#running) {
      const { participants } = running;
      if (participants.size === 0 || participants.has(participantId)) running.speechMs += ms;
    }
    this.#settle();
  }

  #take(running: Running, segment: TranscriptSegment): void {
    try {
      this.#context.push(segment);
    } catch (error) {
      if (!(error instanceof TranscriptSegmentError)) throw error;
      running.refusals += 1;
      if (running.refusals > MAX_TOLD_REFUSALS) return;
      this.#context.tell('transcript-segment-refused', `transcript source ${running.name}: ${error.message}`);
      return;
    }
    const { participantId } = segment;
    if (participantId !== undefined && running.participants.size < MAX_PARTICIPANTS) {
      running.participants.add(participantId);
    }
    running.speechMs = 0;
    this.words();
    this.#settle();
  }

  #settle(): void {
    const { trouble } = this;
    if ((trouble === undefined) === (this.#told === undefined)) return;
    this.#told = trouble;
    this.#context.changed();
  }
}
