import type { StoredEvent } from '../../store/index.ts';

/** What a replay does now. `waiting`: for the viewer to read, or the store to answer. */
export type Playback = 'playing' | 'paused' | 'waiting' | 'ended';

export interface Position {
  /** From the start of the meeting. */
  positionMs: number;
  speed: number;
  playback: Playback;
}

/** Time as it passes; a test brings its own. */
export interface Timing {
  /** Milliseconds that never run backwards. */
  now(): number;
  /** @returns calls it off */
  schedule(work: () => void, delayMs: number): () => void;
}

/** What stood at a place. */
export interface Standing {
  events: readonly StoredEvent[];
  /** Who was in the call. */
  present: readonly string[];
}

/** A viewer. */
export interface Outlet {
  /** Whether it reads as fast as it is sent to. */
  readonly writable: boolean;
  /** Calls back once, when it has read. */
  onceWritable(listener: () => void): void;
  event(event: StoredEvent): void;
  /** What stood at a place, after a leap to it. */
  state(standing: Standing, position: Position): void;
  position(position: Position): void;
  /** Everything of somebody that was given out is to be forgotten. */
  retracted(participantId: string): void;
}

/** A meeting as one viewer may see it. */
export interface Source {
  startMs: number;
  durationMs: number;
  read(from: number, limit: number): Promise<StoredEvent[]>;
  shows(event: StoredEvent): boolean;
  /** Place of the first event at this time, ms from the start, or later. */
  ordAt(positionMs: number): Promise<number>;
  /** Events that say what stood before that of the place was emitted, oldest first. */
  standing(ord: number): Promise<Standing>;
}
