import { useEffect, useRef } from 'preact/hooks';
import { formatMs } from '../timeline/view.ts';
import { dropFrame, nextFrame } from './nextFrame.ts';
import type { Place } from './Place.ts';
import type { PlacedMoment } from './PlacedMoment.ts';

interface MomentMarksProps {
  moments: readonly PlacedMoment[];
  place: Place;
  onLeap: (moment: PlacedMoment) => void;
}

/** Where in a lane something changed. For the mouse: the list of moments does the same for keys and in words. */
export function MomentMarks({ moments, place, onLeap }: MomentMarksProps) {
  const target = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const move = () => {
      const { fromMs, toMs } = place.view.value;
      const marks = target.current?.children ?? [];
      moments.forEach(({ atMs }, index) => {
        const mark = marks[index] as HTMLElement | undefined;
        const share = (atMs - fromMs) / (toMs - fromMs);
        if (!mark) return;
        const out = share < 0 || share > 1;
        if (mark.hidden !== out) mark.hidden = out;
        if (!out) mark.style.left = `${share * 100}%`;
      });
    };
    move();
    const end = place.view.subscribe(() => nextFrame(move));
    return () => {
      end();
      dropFrame(move);
    };
  }, [moments, place]);
  return (
    <div ref={target} class="meeting-marks" aria-hidden="true">
      {moments.map((moment) => (
        <button
          key={moment.key}
          type="button"
          tabIndex={-1}
          class="meeting-moment-mark"
          title={`${formatMs(moment.atMs, 0)}: ${moment.sentence}`}
          onClick={() => onLeap(moment)}
          data-testid="moment-mark"
        />
      ))}
    </div>
  );
}
