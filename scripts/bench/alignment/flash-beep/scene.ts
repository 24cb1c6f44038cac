import type { Picture } from './face-picture.ts';

/** What the page shows and sounds. */
export interface Scene {
  picture: Picture;
  /** Pictures in a flash, and how far the face moves to the right from each to the next, pixels. */
  flashPictures: number;
  stepPx: number;
  fps: number;
  /** Size of the pictures sent, pixels. */
  width: number;
  height: number;
  /** Simulcast layers, the lower one of half the size. */
  layers: 1 | 2;
  beepMs: number;
  beepHz: number;
}

/** A picture of a flash, by its number in it from 0 on, and when it was handed over to be sent: wall ms. */
export interface ShownPicture {
  number: number;
  atMs: number;
}

/** What the page did: the pictures of all flashes, and the wall times at which it made the beeps. */
export interface Truth {
  pictures: ShownPicture[];
  beeps: number[];
}

/** Gaps between flashes, ms: no two sums of neighbours are alike, so that no shift of one against the other fits. */
const GAPS_MS = [1130, 1710, 940, 2090, 1370, 1010, 1890, 1550, 1210, 2230];

/** Wall times at which a flash and a beep are to begin, ms. */
export function planFrom(startMs: number, count: number): number[] {
  let atMs = startMs;
  return Array.from({ length: count }, (_, i) => (atMs += GAPS_MS[i % GAPS_MS.length]!));
}

/** Small pictures, so that coding and looking for faces costs little. */
export function sceneOf(picture: Picture, layers: 1 | 2 = 1): Scene {
  return {
    picture,
    flashPictures: 8,
    stepPx: 14 * layers,
    fps: 25,
    width: (picture.width / 2) * layers,
    height: (picture.height / 2) * layers,
    layers,
    beepMs: 120,
    beepHz: 1000,
  };
}

/** How far the face of a flash's picture lies to the right of where it lies in the still picture, pixels. */
export function shiftOf(scene: Scene, number: number): number {
  return (number - (scene.flashPictures - 1) / 2) * scene.stepPx;
}

/**
 * Which picture of a flash it is whose face has its centre at `x`.
 *
 * @returns null where no picture of a flash has it there
 */
export function numberOf(scene: Scene, x: number): number | null {
  const still = scene.picture.faceX * scene.width;
  const number = Math.round((x - still - shiftOf(scene, 0)) / scene.stepPx);
  return number >= 0 && number < scene.flashPictures ? number : null;
}
