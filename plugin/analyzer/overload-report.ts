/** Sacrifices of the model's queue (0 to 4, as in the event) and of the decoders (1 fewer faces, 2 no video). */
export interface Loads {
  inference: number;
  decoding: number;
}

/** What falls behind first decides: decoders that look for fewer faces do what level 2 does, those without video level 3. */
const DECODING_LEVELS = [0, 2, 3] as const;

/** The level that subscribers are told: 0 all is done, up to 4 where waiting windows are dropped. */
export function overloadLevel({ inference, decoding }: Loads): number {
  return Math.max(inference, DECODING_LEVELS[decoding] ?? 3);
}

/** Whether faces are looked at no more, be it that video is not decoded or that crops are not encoded. */
export function videoIsShed({ inference, decoding }: Loads): boolean {
  return inference >= 3 || decoding >= 2;
}
