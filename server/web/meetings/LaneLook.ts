/** With what lanes are drawn: sizes in px of the page, colours of the theme that is shown. */
export interface Ink {
  height: number;
  colorOf: (label: string) => string;
  ink: string;
  quiet: string;
  font: string;
}

export interface LaneLook extends Ink {
  /** Px of the device to one of the page. */
  ratio: number;
  /** The look in the theme that is shown by then, e.g. on paper. */
  anew: () => LaneLook;
}

export const LANE_HEIGHT = 60;

/** @param colors - number of the colour of each label */
export function laneLook(colors: ReadonlyMap<string, number>): LaneLook {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const byNumber = Array.from({ length: 10 }, (_, number) => color(`--label-${number}`));
  const ratio = devicePixelRatio;
  return {
    height: LANE_HEIGHT,
    ratio,
    colorOf: (label) => byNumber[colors.get(label) ?? 0]!,
    ink: color('--ink'),
    quiet: color('--muted'),
    font: `11px ${style.fontFamily}`,
    anew: () => laneLook(colors),
  };
}
