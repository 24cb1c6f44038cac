/** Speech recognition in the analyzer: what a recogniser is given, and what it gives. */

export interface RecognisedWord {
  text: string;
  /** From the first sample of the turn. */
  startMs: number;
  endMs: number;
}

/** What a recogniser takes a turn to say, by now or in the end. */
export interface Hypothesis {
  text: string;
  words: readonly RecognisedWord[];
  final: boolean;
}

export interface TurnListener {
  heard(hypothesis: Hypothesis): void;
  /** Nothing more comes of this turn: its final was told, or it was lost. */
  ended(): void;
}

/** One stretch of one participant's speech on its way through a recogniser. */
export interface RecogniserTurn {
  /**
   * Takes more of the sound. Never waits.
   *
   * @param pcm mono, 16 kHz, -1..1
   * @returns false where the recogniser is too far behind: the sound is dropped, and the turn should be finished
   */
  hear(pcm: Float32Array): boolean;
  /** The sound has ended: the final follows. */
  finish(): void;
  /** Forgets the sound: nothing is heard of this turn any more. */
  cancel(): void;
}

/** A recogniser of many participants, in processes of its own: none of its troubles is the analyzer's. */
export interface Recogniser {
  readonly name: string;
  /** @returns undefined where it takes no more at present: it is down, or as many turns as it takes are running */
  begin(listener: TurnListener): RecogniserTurn | undefined;
  close(): Promise<void>;
}

/** How a recogniser is. */
export interface RecogniserHealth {
  /** It has crashed, hangs or is missing; it is started again by itself. */
  failed(reason: string): void;
  recovered(): void;
}

/** The recogniser that was asked for cannot be had; the message says what to do. */
export class RecogniserError extends Error {
  override readonly name = 'RecogniserError';
}
