import { useEffect, useRef } from 'preact/hooks';
import { ticks } from '../timeline/view.ts';
import type { LaneLook } from './LaneLook.ts';
import { fit } from './fitCanvas.ts';
import { dropFrame, nextFrame } from './nextFrame.ts';
import type { Place } from './Place.ts';

const HEIGHT = 22;
const TICK_PX = 6;
const LEAST_PX = 76;

/** Times over the lanes. The slider says the same in words. */
export function Axis({ place, look }: { place: Place; look: LaneLook }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    const context = element.getContext('2d');
    if (!context) return undefined;
    let width = element.clientWidth;
    const drawWith = ({ ratio, font, quiet }: LaneLook) => {
      if (width === 0) return;
      fit(context, width, HEIGHT, ratio);
      context.font = font;
      context.fillStyle = quiet;
      context.textBaseline = 'top';
      const view = place.view.value;
      for (const { atMs, text } of ticks(view, 0, width, LEAST_PX)) {
        const x = ((atMs - view.fromMs) / (view.toMs - view.fromMs)) * width;
        context.fillRect(Math.round(x), HEIGHT - TICK_PX, 1, TICK_PX);
        const half = context.measureText(text).width / 2;
        context.fillText(text, Math.min(Math.max(0, x - half), width - 2 * half), 2);
      }
    };
    const draw = () => drawWith(look);
    const printing = () => drawWith(look.anew());
    const soon = () => nextFrame(draw);
    const size = new ResizeObserver(() => {
      if (width === element.clientWidth) return;
      width = element.clientWidth;
      draw();
    });
    size.observe(element);
    const end = place.view.subscribe(soon);
    addEventListener('beforeprint', printing);
    addEventListener('afterprint', draw);
    draw();
    return () => {
      size.disconnect();
      removeEventListener('beforeprint', printing);
      removeEventListener('afterprint', draw);
      end();
      dropFrame(draw);
    };
  }, [place, look]);
  return <canvas ref={canvas} class="meeting-axis" aria-hidden="true" data-testid="meeting-axis" />;
}
