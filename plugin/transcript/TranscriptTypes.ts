/** Words as any source delivers them: a host app, a participant's browser, a caption file, a recogniser. */

/**
 * How the times of a segment are meant.
 * - `wall`: milliseconds since the Unix epoch at the SFU
 * - `room`: milliseconds since the observer was attached to the router
 * - `media`: the RTP timestamp of the producer's sound, in milliseconds (`timestamp * 1000 / clockRate`; Opus has a clock
 *   rate of 48000). It may wrap as RTP does, or go on beyond 2^32 ticks. For recognisers that hear the same RTP stream:
 *   the analyzer puts the words where it put the sound with these timestamps, so no clock has to be compared.
 */
export type TranscriptClock = 'wall' | 'room' | 'media';

export interface TranscriptWord {
  text: string;
  startMs: number;
  endMs: number;
}

export interface TranscriptSegment {
  /**
   * Who said it. Where it is left out, `producerId` tells; never is it guessed: a segment with neither is given to nobody.
   */
  participantId?: string;
  /** The mediasoup producer in whose sound it was heard; needed for `clock: 'media'`. */
  producerId?: string;
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

/** A segment of which it is known who said it. */
export interface AttributedSegment extends TranscriptSegment {
  participantId: string;
}

/** A stretch of a transcript file: what one voice says between two times, in ms from the start of the file's media. */
export interface TranscriptCue {
  startMs: number;
  endMs: number;
  /** As the file names the voice; undefined where it does not. */
  speaker?: string;
  /** On one line, without tags. */
  text: string;
  /** Where the file has word times; sorted, none ends before it starts. */
  words?: TranscriptWord[];
  /** BCP 47, where the file says so. */
  lang?: string;
  /** The file's own id; a later cue of the same id replaces this one. */
  id?: string;
  /** False where the file marks it as not final yet. @default true */
  final?: boolean;
}

/** Anything that yields segments; it ends when `signal` aborts. */
export interface TranscriptSource {
  /** For messages and metrics, e.g. `webvtt`, `push`. */
  readonly name: string;
  segments(signal: AbortSignal): AsyncIterable<TranscriptSegment>;
}
