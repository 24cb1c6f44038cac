import type { Modalities, Modality, ModalityReason } from '../../events/contract/v1/types.ts';

/** Below this quality of its best face, video is told to be poor. */
const POOR_QUALITY = 0.3;
/** From this share of made-up sound on, the loss is told. */
const LOSSY_SHARE = 0.2;

/** What came of the parts of a modality that were sent to the encoder. */
export interface EncodedParts {
  /** How many there are tokens for. */
  readonly used: number;
  /** Why others failed, where some did. */
  readonly failure?: ModalityReason;
}

export interface Evidence {
  /** How each modality stood when the utterance closed, or now; one that is available may have a reason to give nothing. */
  readonly state: Record<Modality, { available: boolean; reason?: ModalityReason }>;
  readonly audio: EncodedParts & { speechMs: number; soundMs: number; concealedMs: number };
  readonly video: EncodedParts & { samples: number; seen: number; usable: number; bestQuality: number };
  /** `late`: interim words were there whose final ones did not come in time. */
  readonly text: EncodedParts & { words: number; late: boolean };
}

/** Tells of each modality whether the result rests on it, and if not or not fully, why. */
export function describeModalities({ state, audio, video, text }: Evidence): Modalities {
  const missing = (modality: Modality, otherwise: ModalityReason): ModalityReason =>
    state[modality].available ? (state[modality].reason ?? otherwise) : (state[modality].reason ?? 'no-track');

  const describe = (parts: EncodedParts, flaw: ModalityReason | undefined, absent: ModalityReason) => ({
    used: parts.used > 0,
    ...reason(parts.used > 0 ? (parts.failure ?? flaw) : (parts.failure ?? absent)),
  });

  const lossy = audio.soundMs > 0 && audio.concealedMs / audio.soundMs >= LOSSY_SHARE;
  const poor = video.bestQuality < POOR_QUALITY;
  return {
    audio: {
      ...describe(audio, lossy ? 'lost-packets' : undefined, missing('audio', 'no-speech')),
      speechMs: audio.speechMs,
    },
    video: {
      ...describe(video, poor ? 'poor-face' : undefined, missing('video', video.seen > 0 ? 'poor-face' : 'no-face')),
      frames: video.used,
      faceRatio: video.samples > 0 ? video.usable / video.samples : 0,
    },
    text: {
      ...describe(text, text.late ? 'late-words' : undefined, missing('text', text.late ? 'late-words' : 'no-words')),
      words: text.words,
    },
  };
}

function reason(value: ModalityReason | undefined): { reason?: ModalityReason } {
  return value === undefined ? {} : { reason: value };
}
