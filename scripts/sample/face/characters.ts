import type { SpeakerId } from '../script.ts';

type Rgb = readonly [number, number, number];

export interface Character {
  /** Shapes of the MakeHuman mesh with their weights. */
  shapes: Record<string, number>;
  /** Which set of expression shapes fits. */
  expressions: 'caucasian' | 'african' | 'asian';
  /** sRGB, 0..1. */
  skin: Rgb;
  lips: Rgb;
  iris: Rgb;
  hair: Rgb;
  lashes: Rgb;
  /** Share of the lashes that is left out, 0..1. */
  lashGaps: number;
  shirt: Rgb;
  /** Height of the neckline below the eyes, decimetres. */
  collarY: number;
  /** 0..1 */
  stubble: number;
  freckles: number;
  haircut: 'long' | 'short' | 'cropped';
  background: 'window' | 'shelf' | 'plants';
  seed: number;
}

const macro = (race: string, gender: string, weight = 1): Record<string, number> => ({
  [`macrodetails/${race}-${gender}-young`]: weight,
});

/** None of these is anybody: they are points in the space of shapes, chosen to be told apart at a glance. */
export const characters: Record<SpeakerId, Character> = {
  maya: {
    shapes: {
      ...macro('asian', 'female', 0.45),
      ...macro('caucasian', 'female', 0.55),
      'macrodetails/universal-female-young-averagemuscle-averageweight': 1,
      'head/head-oval': 0.5,
      'cheek/l-cheek-bones-incr': 0.3,
      'cheek/r-cheek-bones-incr': 0.3,
      'nose/nose-scale-horiz-decr': 0.3,
      'mouth/mouth-lowerlip-volume-incr': 0.4,
      'mouth/mouth-upperlip-volume-incr': 0.3,
      'eyes/l-eye-scale-incr': 0.25,
      'eyes/r-eye-scale-incr': 0.25,
    },
    expressions: 'caucasian',
    skin: [0.8, 0.59, 0.48],
    lips: [0.72, 0.36, 0.36],
    iris: [0.3, 0.18, 0.09],
    hair: [0.21, 0.125, 0.08],
    lashes: [0.1, 0.07, 0.06],
    lashGaps: 0.4,
    collarY: -1.72,
    shirt: [0.1, 0.38, 0.42],
    stubble: 0,
    freckles: 0.4,
    haircut: 'long',
    background: 'window',
    seed: 11,
  },
  callum: {
    shapes: {
      ...macro('caucasian', 'male'),
      'macrodetails/universal-male-young-averagemuscle-averageweight': 1,
      'head/head-rectangular': 0.35,
      'chin/chin-width-incr': 0.25,
      'nose/nose-hump-incr': 0.3,
      'nose/nose-scale-vert-incr': 0.2,
      'forehead/forehead-scale-vert-decr': 0.2,
      'head/head-age-incr': 0.3,
    },
    expressions: 'caucasian',
    skin: [0.82, 0.6, 0.51],
    lips: [0.74, 0.44, 0.4],
    iris: [0.27, 0.4, 0.47],
    hair: [0.27, 0.16, 0.09],
    lashes: [0.34, 0.22, 0.17],
    lashGaps: 0.75,
    collarY: -1.62,
    shirt: [0.2, 0.24, 0.34],
    stubble: 0.55,
    freckles: 0.15,
    haircut: 'short',
    background: 'shelf',
    seed: 31,
  },
  ellis: {
    shapes: {
      ...macro('african', 'male'),
      'macrodetails/universal-male-young-averagemuscle-averageweight': 1,
      'head/head-round': 0.25,
      'chin/chin-prominent-incr': 0.15,
      'nose/nose-scale-depth-incr': 0.15,
    },
    expressions: 'african',
    skin: [0.5, 0.33, 0.25],
    lips: [0.5, 0.29, 0.26],
    iris: [0.16, 0.09, 0.05],
    hair: [0.05, 0.04, 0.038],
    lashes: [0.08, 0.06, 0.05],
    lashGaps: 0.55,
    collarY: -1.62,
    shirt: [0.62, 0.56, 0.47],
    stubble: 0.8,
    freckles: 0.15,
    haircut: 'cropped',
    background: 'plants',
    seed: 37,
  },
};
