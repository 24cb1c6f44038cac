import type { Feeling } from '../script.ts';

/** Weights of expression units and of what moves with them; `both` stands for the left and the right one. */
export interface Face {
  /** Names of MakeHuman's expression units; `eyebrows-both-up` is left and right. */
  units: Record<string, number>;
  /** Height of the brows' hairs over rest, decimetres: inner end, whole, outer end. */
  brows: [inner: number, whole: number, outer: number];
  /** Radians: head bowed, head to the side. */
  pitch: number;
  roll: number;
  /** Colour in the cheeks. */
  flush: number;
}

/**
 * Faces after the action units that the Facial Action Coding System gives for these feelings (Ekman and Friesen 1978):
 * joy 6+12, surprise 1+2+5+26, anger 4+5+7+23, sadness 1+4+15.
 */
export const faces: Record<Feeling, Face> = {
  neutral: { units: {}, brows: [0, 0, 0], pitch: 0, roll: 0, flush: 0 },
  joy: {
    units: {
      'mouth-corner-puller': 1.05,
      'mouth-upward-retraction': 0.3,
      'eye-both-slit': 0.24,
      'eyebrows-both-up': 0.3,
    },
    brows: [0.01, 0.02, 0.01],
    pitch: -0.03,
    roll: 0.03,
    flush: 0.2,
  },
  surprise: {
    units: { 'eyebrows-both-up': 1, 'eyebrows-both-inner-up': 0.6, 'eye-both-opened-up': 1.2, 'mouth-open': 0.16 },
    brows: [0.025, 0.095, 0.005],
    pitch: -0.02,
    roll: 0,
    flush: 0,
  },
  annoyance: {
    units: {
      'eyebrows-both-down': 1.8,
      'eye-both-slit': 0.12,
      'nose-both-elevation': 0.9,
      'nose-compression': 0.4,
      'mouth-depression-retraction': 0.3,
      'mouth-depression': 0.35,
      'mouth-compression': 0.2,
    },
    brows: [-0.06, -0.07, 0],
    pitch: 0.09,
    roll: -0.04,
    flush: 0.1,
  },
  anger: {
    units: {
      'eyebrows-both-down': 2.1,
      'eye-both-opened-up': 0.3,
      'nose-both-elevation': 1.3,
      'nose-compression': 0.6,
      'mouth-depression-retraction': 0.65,
      'mouth-elevation': 0.25,
    },
    brows: [-0.07, -0.088, 0],
    pitch: 0.13,
    roll: 0,
    flush: 0.2,
  },
  worry: {
    units: {
      'eyebrows-both-inner-up': 1,
      'eyebrows-both-down': 0.25,
      'mouth-retraction': 0.3,
      'mouth-depression': 0.4,
    },
    brows: [0.035, -0.004, -0.012],
    pitch: 0.05,
    roll: 0.03,
    flush: 0,
  },
  sadness: {
    units: {
      'eyebrows-both-inner-up': 1.2,
      'mouth-depression': 0.75,
      'mouth-elevation': 0.15,
      'eye-both-slit': 0.26,
    },
    brows: [0.045, -0.006, -0.018],
    pitch: 0.11,
    roll: -0.05,
    flush: 0,
  },
  warmth: {
    units: { 'mouth-corner-puller': 0.75, 'eye-both-slit': 0.18, 'eyebrows-both-inner-up': 0.25 },
    brows: [0.014, 0.004, 0],
    pitch: 0.01,
    roll: 0.06,
    flush: 0.15,
  },
};

/** Replaces `both` by left and right. */
export function bothSides(units: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(units).flatMap(([name, weight]) =>
      name.includes('both') ? ['left', 'right'].map((side) => [name.replace('both', side), weight]) : [[name, weight]],
    ),
  );
}
