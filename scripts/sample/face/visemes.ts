/** Shapes of the mouth, 0..1 each. */
export interface Viseme {
  open: number;
  wide: number;
  round: number;
  press: number;
  bite: number;
}

export const closed: Viseme = { open: 0, wide: 0, round: 0, press: 0, bite: 0 };

const shape = (some: Partial<Viseme>): Viseme => ({ ...closed, ...some });

/** By phone of the CMU set as Flite names them. */
const table: Record<string, Viseme> = {
  aa: shape({ open: 0.85 }),
  ae: shape({ open: 0.75, wide: 0.35 }),
  ah: shape({ open: 0.55 }),
  ao: shape({ open: 0.7, round: 0.45 }),
  aw: shape({ open: 0.75, round: 0.3 }),
  ax: shape({ open: 0.36 }),
  ay: shape({ open: 0.7, wide: 0.3 }),
  eh: shape({ open: 0.55, wide: 0.35 }),
  er: shape({ open: 0.36, round: 0.35 }),
  ey: shape({ open: 0.45, wide: 0.55 }),
  ih: shape({ open: 0.36, wide: 0.35 }),
  iy: shape({ open: 0.26, wide: 0.75 }),
  ow: shape({ open: 0.5, round: 0.65 }),
  oy: shape({ open: 0.55, round: 0.5 }),
  uh: shape({ open: 0.36, round: 0.45 }),
  uw: shape({ open: 0.22, round: 0.85 }),
  b: shape({ press: 1 }),
  m: shape({ press: 1 }),
  p: shape({ press: 1 }),
  f: shape({ bite: 1 }),
  v: shape({ bite: 1 }),
  w: shape({ open: 0.15, round: 0.9 }),
  r: shape({ open: 0.26, round: 0.45 }),
  l: shape({ open: 0.32, wide: 0.15 }),
  y: shape({ open: 0.22, wide: 0.5 }),
  s: shape({ open: 0.14, wide: 0.4 }),
  z: shape({ open: 0.14, wide: 0.4 }),
  sh: shape({ open: 0.16, round: 0.55 }),
  zh: shape({ open: 0.16, round: 0.55 }),
  ch: shape({ open: 0.16, round: 0.5 }),
  jh: shape({ open: 0.16, round: 0.5 }),
  th: shape({ open: 0.24, wide: 0.15 }),
  dh: shape({ open: 0.24, wide: 0.15 }),
  d: shape({ open: 0.22, wide: 0.15 }),
  t: shape({ open: 0.2, wide: 0.2 }),
  n: shape({ open: 0.22, wide: 0.15 }),
  g: shape({ open: 0.3 }),
  k: shape({ open: 0.3 }),
  ng: shape({ open: 0.3 }),
  hh: shape({ open: 0.4 }),
};

export function visemeOf(phone: string): Viseme {
  return table[phone] ?? closed;
}

/** @param energy How far the mouth is opened, about 1. */
export function mouthUnits({ open, wide, round, press, bite }: Viseme, energy: number): Record<string, number> {
  return {
    'mouth-open': open * 0.36 * energy,
    'mouth-part-later': (open * 0.22 + bite * 0.12) * (1 - round * 0.5) * energy,
    'mouth-retraction': wide * 0.35,
    'mouth-pursing': round * 0.42,
    'mouth-protusion': round * 0.22,
    'mouth-compression': press * 0.4 + bite * 0.35,
  };
}
