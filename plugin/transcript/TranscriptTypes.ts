/** Words as any source delivers them: a host app, a participant's browser, a caption file, a recogniser. */

/**
 * How the times of a segment are meant.
 * - `wall`: milliseconds since the Unix epoch at the SFU
 * - `room`: milliseconds since the observer was attached to the router
 */
export type TranscriptClock = 'wall' | 'room';

export interface TranscriptWord {
  text: string;
  startMs: number;
  endMs: number;
}

export interface TranscriptSegment {
  /** Who said it. Never guessed: a segment without a speaker is not attributed to anybody. */
  participantId: string;
  /** The same id replaces the segment: an interim by its final, a final by its correction. */
  segmentId: string;
  text: string;
  /** False while the recogniser may still change its mind. */
  final: boolean;
  /** Without times a segment is taken to end when it arrives. */
  startMs?: number;
  endMs?: number;
  /** @default 'wall' */
  clock?: TranscriptClock;
  /** Word times, in the same clock. */
  words?: TranscriptWord[];
  /** BCP 47. */
  lang?: string;
}

/** Anything that yields segments; it ends when `signal` aborts. */
export interface TranscriptSource {
  /** For messages and metrics, e.g. `webvtt`, `push`. */
  readonly name: string;
  segments(signal: AbortSignal): AsyncIterable<TranscriptSegment>;
}
