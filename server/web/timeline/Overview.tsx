import { useRef } from 'preact/hooks';
import type { Subject } from './facts.ts';
import { within, type View } from './view.ts';

interface OverviewProps {
  participants: readonly Subject[];
  view: View;
  bounds: View;
  onView: (view: View) => void;
}

/** Of the whole, in which 1000 units are as wide as the picture. */
const UNITS = 1_000;
const ROW_HEIGHT = 7;

/** The windows of everybody over the whole time, and which part of it is shown. For the mouse: keys do the same. */
export function Overview({ participants, view, bounds, onView }: OverviewProps) {
  const target = useRef<SVGSVGElement>(null);
  const lengthMs = bounds.toMs - bounds.fromMs;
  const xOf = (ms: number) => ((ms - bounds.fromMs) / lengthMs) * UNITS;
  const centre = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    const { left, width } = target.current!.getBoundingClientRect();
    const atMs = bounds.fromMs + ((event.clientX - left) / width) * lengthMs;
    const half = (view.toMs - view.fromMs) / 2;
    onView(within({ fromMs: atMs - half, toMs: atMs + half }, bounds));
  };
  const height = Math.max(18, participants.length * ROW_HEIGHT + 4);
  return (
    <svg
      ref={target}
      class="overview"
      viewBox={`0 0 ${UNITS} ${height}`}
      height={height}
      preserveAspectRatio="none"
      aria-hidden="true"
      onPointerDown={centre}
      onPointerMove={centre}
    >
      {participants.map(({ participantId, trace }, row) =>
        trace.windows
          .filter(({ discarded }) => !discarded)
          .map(({ utteranceId, startMs, endMs = bounds.toMs }) => (
            <rect
              key={`${participantId} ${utteranceId}`}
              class="overview-window"
              x={xOf(startMs)}
              width={Math.max(1, xOf(endMs) - xOf(startMs))}
              y={2 + ((height - 4) / participants.length) * row}
              height={(height - 4) / participants.length - 2}
            />
          )),
      )}
      <rect
        class="overview-view"
        x={xOf(view.fromMs)}
        width={xOf(view.toMs) - xOf(view.fromMs)}
        y={0}
        height={height}
      />
    </svg>
  );
}
