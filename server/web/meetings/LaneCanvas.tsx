import { useEffect, useRef } from 'preact/hooks';
import { drawLane } from './drawLane.ts';
import { drawUtterances, isClose } from './drawUtterances.ts';
import { fit } from './fitCanvas.ts';
import type { Filter } from './Filter.ts';
import { LANE_HEIGHT, type LaneLook } from './LaneLook.ts';
import { LanePictures } from './LanePictures.ts';
import type { MeetingLane } from './lanesOf.ts';
import { dropFrame, nextFrame } from './nextFrame.ts';
import type { Place } from './Place.ts';
import type { Results } from './Results.ts';

interface LaneCanvasProps {
  lane: MeetingLane;
  place: Place;
  results: Results;
  filter: Filter;
  look: LaneLook;
}

/**
 * The picture of a lane; what it says in words is beside it. It is drawn for what is in view and not for where the cursor is, at
 * most once a frame, and only while it can be seen.
 */
export function LaneCanvas({ lane, place, results, filter, look }: LaneCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    const context = element.getContext('2d');
    if (!context) return undefined;
    const pictures = new LanePictures(lane, filter, look);
    let width = element.clientWidth;
    let seen = true;
    let due = true;
    const drawWith = (shown: LanePictures) => {
      const { ratio } = shown.look;
      const view = place.view.value;
      fit(context, width, LANE_HEIGHT, ratio);
      if (isClose(view) && results.has(view)) {
        drawUtterances(context, results.of(lane.participantId), view, width, { filter, look: shown.look });
        return;
      }
      const bitmap = shown.for(view, width);
      if (bitmap) drawLane(context, bitmap, view, width, shown.look);
    };
    const draw = () => {
      due = !seen || width === 0;
      if (!due) drawWith(pictures);
    };
    const soon = () => nextFrame(draw);
    const arrived = () => {
      if (isClose(place.view.value)) soon();
    };
    const size = new ResizeObserver(() => {
      if (width === element.clientWidth) return;
      width = element.clientWidth;
      draw();
    });
    size.observe(element);
    const sight = new IntersectionObserver(([entry]) => {
      seen = entry?.isIntersecting ?? true;
      if (seen && due) soon();
    });
    sight.observe(element);
    const printing = () => drawWith(pictures.anew());
    addEventListener('beforeprint', printing);
    addEventListener('afterprint', draw);
    const ends = [place.view.subscribe(soon), results.version.subscribe(arrived)];
    draw();
    return () => {
      size.disconnect();
      sight.disconnect();
      removeEventListener('beforeprint', printing);
      removeEventListener('afterprint', draw);
      for (const end of ends) end();
      dropFrame(draw);
    };
  }, [lane, place, results, filter, look]);
  return <canvas ref={canvas} class="meeting-canvas" aria-hidden="true" />;
}
