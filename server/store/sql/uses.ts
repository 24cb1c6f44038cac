import type { Modalities, Modality } from '../../../plugin/events/contract/v1/types.ts';

const BITS: Readonly<Record<Modality, number>> = { audio: 1, video: 2, text: 4 };

/** The modalities that a result rests on, as one number: what is taken back is found by it. */
export function usesOf(modalities: Modalities): number {
  return maskOf((['audio', 'video', 'text'] as const).filter((name) => modalities[name].used));
}

export function maskOf(modalities: readonly Modality[]): number {
  return modalities.reduce((mask, name) => mask | BITS[name], 0);
}
