import { SAMPLE_RATE } from './audio-frames.ts';

/** Pitch of voices, Hz: from a low man's to a child's. */
const LOWEST_HZ = 70;
const HIGHEST_HZ = 450;
/** A frame this much like itself one period later is voiced; breath, coughs and clicks are not. */
const VOICED_LIKENESS = 0.7;
const SHORTEST_LAG = Math.floor(SAMPLE_RATE / HIGHEST_HZ);
const LONGEST_LAG = Math.ceil(SAMPLE_RATE / LOWEST_HZ);

/**
 * Whether the vocal folds sound in a frame: the peak of the normalised cross-correlation over the lags of a voice's pitch
 * (D. Talkin, "A robust algorithm for pitch tracking", 1995).
 *
 * @param pcm mono at 16 kHz, at least 458 samples: two of the longest periods
 */
export function isVoiced(pcm: Float32Array): boolean {
  const length = pcm.length - LONGEST_LAG;
  if (length < LONGEST_LAG) return false;
  const mean = pcm.reduce((sum, sample) => sum + sample, 0) / pcm.length;
  const centred = pcm.map((sample) => sample - mean);
  const energyAt = (lag: number): number => {
    let sum = 0;
    for (let i = 0; i < length; i += 1) sum += centred[i + lag]! ** 2;
    return sum;
  };
  const energy = energyAt(0);
  if (energy === 0) return false;
  for (let lag = SHORTEST_LAG; lag <= LONGEST_LAG; lag += 1) {
    let product = 0;
    for (let i = 0; i < length; i += 1) product += centred[i]! * centred[i + lag]!;
    if (product > 0 && product >= VOICED_LIKENESS * Math.sqrt(energy * energyAt(lag))) return true;
  }
  return false;
}
