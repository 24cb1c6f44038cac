import { useId, useMemo } from 'preact/hooks';
import type { Subject } from './facts.ts';
import { utteranceRows } from './facts.ts';
import { FaceLane } from './FaceLane.tsx';
import { layoutOf } from './lanes.ts';
import { ScoreLanes } from './ScoreLanes.tsx';
import { SoundLanes } from './SoundLanes.tsx';
import { ticks, type View } from './view.ts';
import { WindowLanes } from './WindowLanes.tsx';

export interface LanesProps {
  subject: Subject;
  view: View;
  /** What is shown as 0:00. */
  zeroMs: number;
  /** Px, the names of the lanes included. */
  width: number;
  cursorMs?: number;
  /** Colours of the labels (`--label-0` and so on). */
  colors: ReadonlyMap<string, number>;
}

/** Everything about one participant over time, as a picture. Whoever shows it says what it shows in words. */
export function Lanes({ subject, view, zeroMs, width, cursorMs, colors }: LanesProps) {
  const layout = layoutOf(width);
  const { lanes, left, height } = layout;
  const rows = useMemo(() => utteranceRows(subject), [subject]);
  const xOf = (ms: number) => ((ms - view.fromMs) / (view.toMs - view.fromMs)) * layout.width;
  const axis = ticks(view, zeroMs, layout.width, 64);
  const shared = { subject, view, layout, xOf };
  const id = useId();
  return (
    <svg class="lanes" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <clipPath id={id}>
        <rect x={0} y={0} width={layout.width} height={height} />
      </clipPath>
      {Object.values(lanes).map(({ id: lane, name, top, height: laneHeight }) => (
        <g key={lane}>
          <rect class="lane-ground" x={left} y={top} width={layout.width} height={laneHeight} rx={3} />
          {layout.narrow ? (
            <text class="lane-name" x={1} y={top - 3}>
              {name}
            </text>
          ) : (
            <text class="lane-name" x={left - 10} y={top + laneHeight / 2 + 4} text-anchor="end">
              {name}
            </text>
          )}
        </g>
      ))}
      <g transform={`translate(${left} 0)`} clip-path={`url(#${id})`}>
        {axis.map(({ atMs }) => (
          <line key={atMs} class="grid" x1={xOf(atMs)} x2={xOf(atMs)} y1={lanes.level.top} y2={height - 17} />
        ))}
        <SoundLanes {...shared} />
        <WindowLanes {...shared} rows={rows} />
        <FaceLane {...shared} />
        <ScoreLanes {...shared} rows={rows} colors={colors} />
        {cursorMs !== undefined && (
          <line class="cursor" x1={xOf(cursorMs)} x2={xOf(cursorMs)} y1={0} y2={height - 17} />
        )}
      </g>
      <g transform={`translate(${left} 0)`}>
        {axis.map(({ atMs, text }) => {
          const x = xOf(atMs);
          const anchor = x < 18 ? 'start' : x > layout.width - 18 ? 'end' : 'middle';
          return (
            <text key={atMs} class="tick" x={x} y={height - 4} text-anchor={anchor}>
              {text}
            </text>
          );
        })}
      </g>
    </svg>
  );
}
