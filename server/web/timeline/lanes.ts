/** Where each lane of the picture lies, px. */
export interface Lane {
  id: LaneId;
  name: string;
  top: number;
  height: number;
}

export type LaneId = 'level' | 'speech' | 'windows' | 'words' | 'faces' | 'labels' | 'sentiment';

const HEIGHTS: readonly (readonly [LaneId, name: string, height: number])[] = [
  ['level', 'level', 44],
  ['speech', 'speech', 30],
  ['windows', 'windows', 22],
  ['words', 'words', 24],
  ['faces', 'face', 28],
  ['labels', 'labels', 46],
  ['sentiment', 'sentiment', 30],
];
export const AXIS_HEIGHT = 20;

/** From this width on the names of the lanes have a column of their own; below it they stand above their lanes. */
const WIDE = 640;
const NAMES_WIDTH = 78;
const NAME_HEIGHT = 13;
const GAP = 7;

export interface Layout {
  lanes: Record<LaneId, Lane>;
  /** Where time begins. */
  left: number;
  /** Width of the time. */
  width: number;
  height: number;
  /** Names stand above their lanes. */
  narrow: boolean;
}

export function layoutOf(totalWidth: number): Layout {
  const narrow = totalWidth < WIDE;
  const left = narrow ? 0 : NAMES_WIDTH;
  let top = 2;
  const lanes = HEIGHTS.map(([id, name, height]) => {
    if (narrow) top += NAME_HEIGHT;
    const lane: Lane = { id, name, top, height };
    top += height + (narrow ? 3 : GAP);
    return [id, lane] as const;
  });
  return {
    lanes: Object.fromEntries(lanes) as Record<LaneId, Lane>,
    left,
    width: Math.max(1, totalWidth - left),
    height: top + AXIS_HEIGHT,
    narrow,
  };
}
