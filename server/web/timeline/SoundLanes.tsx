import type { Subject } from './facts.ts';
import { columnsOf, concealedSpans, envelopePath, speechPath } from './columns.ts';
import type { Layout } from './lanes.ts';
import type { View } from './view.ts';

export interface LaneProps {
  subject: Subject;
  view: View;
  layout: Layout;
  /** Px from the left of the lanes. */
  xOf: (ms: number) => number;
}

/** Where speech begins and where it is over: see `markSpeech`. */
const THRESHOLDS = [0.5, 0.35];

/** The envelope of the sound, and where it was taken for speech. */
export function SoundLanes({ subject: { trace }, view, layout, xOf }: LaneProps) {
  const { level, speech } = layout.lanes;
  const rows = columnsOf(trace.frames, view, layout.width);
  const speechHeight = speech.height - 4;
  const seen = ({ fromMs, toMs }: View) => toMs > view.fromMs && fromMs < view.toMs;
  return (
    <>
      {trace.gaps.filter(seen).map(({ fromMs, toMs, reason }) => (
        <rect
          key={`${fromMs} ${reason}`}
          class={`gap gap-${reason}`}
          x={xOf(fromMs)}
          y={level.top}
          width={Math.max(1, xOf(toMs) - xOf(fromMs))}
          height={level.height}
        />
      ))}
      <path class="envelope" d={envelopePath(rows, level.top + 1, level.height - 2)} />
      {concealedSpans(rows).map(({ fromX, toX }) => (
        <rect key={fromX} class="concealed" x={fromX} y={level.top} width={toX - fromX} height={3} />
      ))}
      <path class="speech" d={speechPath(rows, speech.top, speechHeight)} />
      {THRESHOLDS.map((threshold) => {
        const y = speech.top + speechHeight * (1 - threshold);
        return <line key={threshold} class="threshold" x1={0} x2={layout.width} y1={y} y2={y} />;
      })}
      {trace.speech
        .filter(({ startMs, endMs }) => seen({ fromMs: startMs, toMs: endMs }))
        .map(({ startMs, endMs }) => (
          <rect
            key={startMs}
            class="judged"
            x={xOf(startMs)}
            y={speech.top + speech.height - 3}
            width={Math.max(1, xOf(endMs) - xOf(startMs))}
            height={3}
          />
        ))}
    </>
  );
}
