import { useEffect, useRef } from 'preact/hooks';
import { dropFrame, nextFrame } from './nextFrame.ts';
import type { Place } from './Place.ts';

/** Which part of the meeting is in view; dragging moves it. For the mouse: keys do the same on the lanes. */
export function MeetingOverview({ place }: { place: Place }) {
  const target = useRef<HTMLDivElement>(null);
  const shown = useRef<HTMLElement>(null);
  useEffect(() => {
    const move = () => {
      const { fromMs, toMs } = place.view.value;
      const whole = place.bounds.toMs;
      shown.current!.style.left = `${(fromMs / whole) * 100}%`;
      shown.current!.style.width = `${((toMs - fromMs) / whole) * 100}%`;
    };
    move();
    const end = place.view.subscribe(() => nextFrame(move));
    return () => {
      end();
      dropFrame(move);
    };
  }, [place]);
  const centre = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    const element = target.current!;
    if (event.type === 'pointerdown') element.setPointerCapture(event.pointerId);
    const { left, width } = element.getBoundingClientRect();
    const atMs = ((event.clientX - left) / width) * place.bounds.toMs;
    const { fromMs, toMs } = place.view.value;
    const half = (toMs - fromMs) / 2;
    place.show({ fromMs: atMs - half, toMs: atMs + half });
  };
  return (
    <div
      ref={target}
      class="meeting-overview"
      aria-hidden="true"
      onPointerDown={centre}
      onPointerMove={centre}
      data-testid="meeting-overview"
    >
      <i ref={shown} class="meeting-overview-view" />
    </div>
  );
}
