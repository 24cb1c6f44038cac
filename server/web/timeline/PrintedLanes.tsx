import type { Subject } from './facts.ts';
import { Lanes } from './Lanes.tsx';
import type { View } from './view.ts';

/** Px of a line on paper; it is scaled to the sheet. */
const WIDTH = 1_000;
const LINE_MS = 30_000;
const MAX_LINES = 40;

/** The whole time on paper, line by line. */
export function PrintedLanes({
  subject,
  bounds,
  colors,
}: {
  subject: Subject;
  bounds: View;
  colors: ReadonlyMap<string, number>;
}) {
  const lengthMs = bounds.toMs - bounds.fromMs;
  const lineMs = Math.max(Math.min(LINE_MS, lengthMs), lengthMs / MAX_LINES);
  return (
    <>
      {Array.from({ length: Math.ceil(lengthMs / lineMs) }, (_, line) => {
        const fromMs = bounds.fromMs + line * lineMs;
        return (
          <Lanes
            key={line}
            subject={subject}
            view={{ fromMs, toMs: fromMs + lineMs }}
            zeroMs={bounds.fromMs}
            width={WIDTH}
            colors={colors}
          />
        );
      })}
    </>
  );
}
