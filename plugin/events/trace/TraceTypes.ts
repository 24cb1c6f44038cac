/**
 * What the windows did with one participant, for people who want to see why. Off unless it is asked for, and made of
 * nothing that the analysis itself does not have consent for: levels and probabilities, never sound or pictures.
 * All times are ms on the clock of the events: wall time at the SFU, or from the start of a recording.
 */
import type { z } from 'zod';
import type * as trace from '../contract/v1/trace.ts';
import type { Span, Trigger } from '../contract/v1/types.ts';

/** @interface */
export type TraceFrames = z.infer<typeof trace.TraceFrames>;
/** @interface */
export type TraceSpeech = z.infer<typeof trace.TraceSpeech>;
/** @interface */
export type TraceGap = z.infer<typeof trace.TraceGap>;
/** @interface */
export type TraceFace = z.infer<typeof trace.TraceFace>;
/** @useDeclaredType */
export type TraceWindowEvent = z.infer<typeof trace.TraceWindowEvent>;
/** @interface */
export type TraceWord = z.infer<typeof trace.TraceWord>;
/** @interface */
export type TraceSegment = z.infer<typeof trace.TraceSegment>;
/** @interface */
export type TraceText = z.infer<typeof trace.TraceText>;
/** @useDeclaredType */
export type TraceModality = z.infer<typeof trace.TraceModality>;
/**
 * What has come since the batch before.
 * @interface
 */
export type TraceBatch = z.infer<typeof trace.TraceBatch>;

/** A window with all that is known of it. */
export interface TraceWindow {
  utteranceId: string;
  startMs: number;
  /** Undefined while it is open. */
  endMs?: number;
  opened: { by: 'speech' | 'words'; atMs: number };
  closed?: { by: Trigger; atMs: number };
  /** Too short and without words: it was no utterance. */
  discarded?: true;
}

/** A word and the utterance that it went to; null where it found none. */
export interface PlacedWord extends TraceWord {
  utteranceId: string | null;
  final: boolean;
}

/** All batches of a participant put together, in the order of time. */
export interface Trace {
  frames: TraceFrames[];
  speech: Span[];
  gaps: TraceGap[];
  faces: TraceFace[];
  windows: TraceWindow[];
  words: PlacedWord[];
  modalities: TraceModality[];
  lost: number;
}

export function emptyBatch(): TraceBatch {
  return {
    frames: [],
    speech: [],
    gaps: [],
    faces: [],
    windows: [],
    segments: [],
    texts: [],
    modalities: [],
    lost: 0,
  };
}
