/** Which of the page's colours (`--label-0` to `--label-9`) stands for a label. */

/** `--label-0` is grey: nothing in particular is expressed. */
const CALM = 0;
const COLORS = 10;

/** Labels whose colour people expect; the same meaning keeps its colour over label sets. */
const FAMILIAR: Readonly<Record<string, number>> = {
  neutral: CALM,
  calm: CALM,
  joy: 1,
  happiness: 1,
  happy: 1,
  engaged: 1,
  sadness: 2,
  sad: 2,
  bored: 2,
  anger: 3,
  angry: 3,
  frustrated: 3,
  fear: 4,
  anxious: 4,
  confused: 4,
  surprise: 5,
  surprised: 5,
  disgust: 6,
};

/** A colour for each label: familiar ones first, the others take what is free in alphabetical order. */
export function labelColors(labels: readonly string[]): Map<string, number> {
  const colors = new Map<string, number>();
  const taken = new Set<number>([CALM]);
  const names = [...new Set(labels)].sort();
  for (const name of names) {
    const color = FAMILIAR[name.toLowerCase()];
    if (color === undefined || (color !== CALM && taken.has(color))) continue;
    colors.set(name, color);
    taken.add(color);
  }
  // Beyond ten labels colours repeat: names are always shown with them.
  let next = 0;
  for (const name of names) {
    if (colors.has(name)) continue;
    const free = Array.from({ length: COLORS }, (_, color) => color).find((color) => !taken.has(color));
    const color = free ?? 1 + (next++ % (COLORS - 1));
    colors.set(name, color);
    taken.add(color);
  }
  return colors;
}
