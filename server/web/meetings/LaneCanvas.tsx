import { useEffect, useRef, useState } from 'preact/hooks';
import type { View } from '../timeline/view.ts';
import { useStore } from '../ui/hooks.ts';
import { theme } from '../ui/theme.ts';
import { drawLane, type MeetingLane } from './drawLane.ts';

interface LaneCanvasProps {
  lane: MeetingLane;
  view: View;
  cursorMs: number;
  colors: ReadonlyMap<string, number>;
  only?: string;
}

const HEIGHT = 56;

/** The picture of a lane; what it says in words is beside it. The cursor lies over it, so that nothing is drawn anew for it. */
export function LaneCanvas({ lane, view, cursorMs, colors, only }: LaneCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const shown = useStore(theme);
  useEffect(() => {
    const element = canvas.current!;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => style.getPropertyValue(name).trim();
    element.width = width * devicePixelRatio;
    element.height = HEIGHT * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    drawLane(context, lane, view, {
      width,
      height: HEIGHT,
      colorOf: (label) => color(`--label-${colors.get(label) ?? 0}`),
      ink: color('--ink'),
      ...(only !== undefined && { only }),
    });
  }, [lane, view, width, shown, only]);
  const at = (cursorMs - view.fromMs) / (view.toMs - view.fromMs);
  return (
    <div class="meeting-picture" aria-hidden="true">
      <canvas ref={canvas} class="meeting-canvas" />
      {at >= 0 && at <= 1 && <i class="meeting-cursor" style={{ left: `${at * 100}%` }} />}
    </div>
  );
}
