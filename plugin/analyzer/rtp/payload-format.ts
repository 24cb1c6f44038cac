/**
 * What a payload turned out to be: `part` belongs to the unit, `last` ends it whatever the marker says, `ignored` is
 * well-formed but not wanted (another layer, filler), `misplaced` is well-formed but what must stand before it is
 * missing, `malformed` breaks the format.
 */
export type PayloadVerdict = 'part' | 'last' | 'ignored' | 'misplaced' | 'malformed';

export interface FinishedUnit {
  readonly data: Uint8Array;
  readonly keyFrame: boolean;
  readonly temporalId: number;
  readonly width?: number;
  readonly height?: number;
}

/** The RTP payload format of one codec: collects the payloads of one access unit. Never throws on any bytes. */
export interface PayloadFormat {
  /** Takes the next payload, of at least one byte. `first` when it begins a unit. Views of it may be kept until then. */
  add(payload: Uint8Array, first: boolean): PayloadVerdict;
  /**
   * The unit of what was added since the first: `incomplete` when parts are missing, `empty` when it has no picture.
   *
   * @param afterLoss packets are missing between the unit before and this one, so that its beginning may be
   */
  finish(afterLoss: boolean): FinishedUnit | 'incomplete' | 'empty';
  /** Whether what was added holds part of a picture, so that dropping it matters. */
  readonly hasPicture: boolean;
  /** Drops what was added. */
  clear(): void;
}
