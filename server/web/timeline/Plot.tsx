import { useEffect, useRef, useState } from 'preact/hooks';
import { momentOf, windowEdge, type Subject } from './facts.ts';
import { Lanes } from './Lanes.tsx';
import { layoutOf } from './lanes.ts';
import { Readout } from './Readout.tsx';
import { gesturesOn } from './gestures.ts';
import { pan, showing, zoom, type View } from './view.ts';
import { momentSentence } from './wording.ts';

export interface PlotProps {
  subject: Subject;
  view: View;
  bounds: View;
  zeroMs: number;
  cursorMs?: number;
  colors: ReadonlyMap<string, number>;
  onCursor: (ms: number | undefined) => void;
  /** Missing where the view is not the reader's to choose. */
  onView?: (view: View) => void;
}

/** Steps of an arrow key over the width. */
const STEPS = 200;
const FRAME_MS = 32;

/**
 * The lanes of one participant, to be read by pointer and by keyboard: a slider whose value is a time, and whose text
 * says what was then.
 */
export function Plot({ subject, view, bounds, zeroMs, cursorMs, colors, onCursor, onView }: PlotProps) {
  const target = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const { left } = layoutOf(width);
  const latest = useRef({ view, bounds, onView, onCursor, left });
  latest.current = { view, bounds, onView, onCursor, left };

  useEffect(() => {
    const element = target.current!;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    const stop = gesturesOn(element, () => latest.current);
    return () => {
      observer.disconnect();
      stop();
    };
  }, []);

  // Where time goes on by itself, the newest is what one wants to know of.
  const at = cursorMs ?? (onView ? view.fromMs : view.toMs);
  const move = (ms: number) => {
    const next = Math.min(Math.max(ms, bounds.fromMs), bounds.toMs);
    onCursor(next);
    onView?.(showing(view, next, bounds));
  };
  const keys: Record<string, () => void> = {
    ArrowLeft: () => move(at - Math.max(FRAME_MS, (view.toMs - view.fromMs) / STEPS)),
    ArrowRight: () => move(at + Math.max(FRAME_MS, (view.toMs - view.fromMs) / STEPS)),
    PageUp: () => move(windowEdge(subject, at, -1) ?? bounds.fromMs),
    PageDown: () => move(windowEdge(subject, at, 1) ?? bounds.toMs),
    Home: () => move(bounds.fromMs),
    End: () => move(bounds.toMs),
    ...(onView && {
      '+': () => onView(zoom(view, 1.5, at, bounds)),
      '=': () => onView(zoom(view, 1.5, at, bounds)),
      '-': () => onView(zoom(view, 1 / 1.5, at, bounds)),
      '0': () => onView(bounds),
      ',': () => onView(pan(view, (view.fromMs - view.toMs) / 4, bounds)),
      '.': () => onView(pan(view, (view.toMs - view.fromMs) / 4, bounds)),
    }),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const moment = momentOf(subject, at);
  return (
    <div class="plot-frame">
      <div
        ref={target}
        class="plot"
        role="slider"
        tabIndex={0}
        aria-label={`Time in the timeline of ${subject.name}`}
        aria-valuemin={Math.round(bounds.fromMs - zeroMs)}
        aria-valuemax={Math.round(bounds.toMs - zeroMs)}
        aria-valuenow={Math.round(at - zeroMs)}
        aria-valuetext={momentSentence(moment, at - zeroMs)}
        onKeyDown={onKeyDown}
        onFocus={() => cursorMs === undefined && onCursor(at)}
        data-testid="timeline-plot"
      >
        {width > 0 && (
          <Lanes subject={subject} view={view} zeroMs={zeroMs} width={width} cursorMs={cursorMs} colors={colors} />
        )}
      </div>
      <Readout moment={cursorMs === undefined ? undefined : moment} atMs={at - zeroMs} />
    </div>
  );
}
