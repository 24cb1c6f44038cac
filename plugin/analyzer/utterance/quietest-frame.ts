import type { AudioFrame } from './StageTypes.ts';

/** Frames whose speech probability differs by no more than this are told apart by their loudness. */
const SAME_P = 0.05;

/** Index of the frame that speaks least for speech; among equals the softest, among those the last. -1 for none. */
export function quietestFrame(frames: readonly Pick<AudioFrame, 'p' | 'pcm'>[]): number {
  const lowest = Math.min(...frames.map((frame) => frame.p));
  let best = -1;
  let bestEnergy = Infinity;
  frames.forEach((frame, index) => {
    if (frame.p > lowest + SAME_P) return;
    const energy = frame.pcm.reduce((sum, sample) => sum + sample * sample, 0);
    if (energy <= bestEnergy) {
      best = index;
      bestEnergy = energy;
    }
  });
  return best;
}
