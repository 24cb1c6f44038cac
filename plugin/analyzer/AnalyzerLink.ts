import type { TraceBatch } from '../events/trace/TraceTypes.ts';
import type { AnalyzerSignal, DropCounts, FromAnalyzer, ModelInfo, ToAnalyzer } from './protocol.ts';

type WithoutRequestId<M> = M extends { requestId: number } ? Omit<M, 'requestId'> : never;
/** Messages that the analyzer answers. */
export type AnalyzerRequest = WithoutRequestId<ToAnalyzer>;

/** What an observer wants to hear about its own room. */
export interface RoomListener {
  /** A fresh analyzer is ready and knows nothing: open the room and the taps (again). */
  up(info: ModelInfo): void;
  /** The analyzer is gone; whatever was in flight is lost. */
  down(reason: string): void;
  keyframe(trackId: string): void;
  faceSize(trackId: string, px: number): void;
  signal(participantId: string, epoch: number, signal: AnalyzerSignal): void;
  trace(participantId: string, epoch: number, batch: TraceBatch): void;
  /** A participant who left has been finished with. */
  participantClosed(participantId: string): void;
  /** Why there are no words from the recogniser, or undefined when it works. */
  recogniser(trouble: string | undefined): void;
  overload(level: number, change: 'raised' | 'eased', dropped: DropCounts): void;
  error(error: Extract<FromAnalyzer, { type: 'error' }>): void;
}

/** The host's end of the line to an analyzer: what an observer needs of the supervisor. */
export interface AnalyzerLink {
  /** Undefined while the analyzer is down. */
  readonly info: ModelInfo | undefined;
  readonly restarts: number;
  /** Dropped silently while the analyzer is down: `up` follows, and everything is said anew. */
  send(message: ToAnalyzer): void;
  /**
   * Resolves with the answer.
   * @throws AnalyzerError when the analyzer refuses, goes down or does not answer within 10 s
   */
  request(message: AnalyzerRequest): Promise<unknown>;
  addRoom(roomId: string, listener: RoomListener): void;
  removeRoom(roomId: string): void;
}

/** A request that the analyzer refused or could not answer. */
export class AnalyzerError extends Error {
  override readonly name = 'AnalyzerError';
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** The option at fault, where one is. */
  readonly field: string | undefined;

  constructor(message: string, { retryable = false, field }: { retryable?: boolean; field?: string } = {}) {
    super(message);
    this.retryable = retryable;
    this.field = field;
  }
}
