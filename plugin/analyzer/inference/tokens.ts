/** A sequence of token vectors from one encoder: row-major, `count` rows of `manifest.dim` floats. */
interface Tokens {
  readonly count: number;
  readonly data: Float32Array<ArrayBuffer>;
}

export interface TextTokens extends Tokens {
  readonly modality: 'text';
  /** True where the text had more tokens than the model takes; the rest was left out. */
  readonly truncated: boolean;
}

/** Of one chunk of speech, at most `manifest.audio.chunkSamples` long; tokens of its zero padding are left out. */
export interface AudioTokens extends Tokens {
  readonly modality: 'audio';
  /** Samples of speech in the chunk, at 16 kHz. */
  readonly samples: number;
}

/** Of one face crop. */
export interface FaceTokens extends Tokens {
  readonly modality: 'vision';
}

/** A face crop's tokens with what choosing among many needs. */
export interface FaceObservation {
  readonly tokens: FaceTokens;
  /** When the frame was taken, in ms of the SFU's clock. */
  readonly atMs: number;
  /** The detector's or tracker's judgement, 0 (useless) to 1. */
  readonly quality: number;
}
