import { useEffect, useRef } from 'preact/hooks';
import { gesturesOn } from '../timeline/gestures.ts';
import { formatMs } from '../timeline/view.ts';
import { dropFrame, nextFrame } from './nextFrame.ts';
import type { Place } from './Place.ts';

interface TimeCursorProps {
  place: Place;
  /** What was at a time, for those who hear the page. */
  sayAt: (atMs: number) => string;
  onToggle: () => void;
}

/** Steps of an arrow key over the view, and of a page key over the meeting. */
const STEPS = 100;
const PAGES = 10;
export const ZOOM = 1.6;

/**
 * Lies over all lanes: a slider whose value is a time. It is moved by the frame and not by rendering, so the lanes beneath stay as
 * they are.
 */
export function TimeCursor({ place, sayAt, onToggle }: TimeCursorProps) {
  const target = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLElement>(null);
  const latest = useRef(sayAt);
  latest.current = sayAt;
  useEffect(() => {
    const element = target.current!;
    let width = element.clientWidth;
    let second = -1;
    const move = () => {
      const at = place.at.value;
      const { fromMs, toMs } = place.view.value;
      const share = (at - fromMs) / (toMs - fromMs);
      const out = share < 0 || share > 1;
      if (line.current!.hidden !== out) line.current!.hidden = out;
      line.current!.style.transform = `translateX(${share * width}px)`;
      if (Math.floor(at / 1_000) === second) return;
      tell();
    };
    const tell = () => {
      const at = place.at.value;
      second = Math.floor(at / 1_000);
      element.setAttribute('aria-valuenow', String(Math.round(at)));
      element.setAttribute('aria-valuetext', latest.current(at));
    };
    const soon = () => nextFrame(move);
    const size = new ResizeObserver(() => {
      width = element.clientWidth;
      soon();
    });
    size.observe(element);
    tell();
    const ends = [
      place.at.subscribe(soon),
      place.view.subscribe(soon),
      place.leapt.subscribe(tell),
      gesturesOn(element, () => ({
        view: place.view.value,
        bounds: place.bounds,
        left: 0,
        scrubs: true,
        onCursor: (ms) => ms !== undefined && place.leap(ms),
        onView: (view) => place.show(view),
      })),
    ];
    return () => {
      size.disconnect();
      dropFrame(move);
      for (const end of ends) end();
    };
  }, [place]);
  const by = (share: number) => {
    const { fromMs, toMs } = place.view.value;
    place.leap(place.at.value + share * (toMs - fromMs));
  };
  const whole = place.bounds.toMs;
  const keys: Record<string, () => void> = {
    ArrowLeft: () => by(-1 / STEPS),
    ArrowRight: () => by(1 / STEPS),
    ArrowDown: () => by(-1 / STEPS),
    ArrowUp: () => by(1 / STEPS),
    PageUp: () => place.leap(place.at.value - whole / PAGES),
    PageDown: () => place.leap(place.at.value + whole / PAGES),
    Home: () => place.leap(0),
    End: () => place.leap(whole),
    '+': () => place.zoom(ZOOM),
    '=': () => place.zoom(ZOOM),
    '-': () => place.zoom(1 / ZOOM),
    '0': () => place.show(place.bounds),
    ',': () => place.pan(-0.25),
    '.': () => place.pan(0.25),
    ' ': onToggle,
  };
  return (
    <div
      ref={target}
      class="meeting-time"
      role="slider"
      tabIndex={0}
      aria-label="Time in the meeting"
      aria-valuemin={0}
      aria-valuemax={Math.round(whole)}
      aria-keyshortcuts="Space + - 0 , ."
      data-testid="meeting-timeline"
      onKeyDown={(event) => {
        const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
        if (!act) return;
        event.preventDefault();
        act();
      }}
    >
      <i ref={line} class="meeting-cursor" data-testid="meeting-cursor" />
    </div>
  );
}

/** The time at the cursor, in words for the eye. */
export function TimeText({ place }: { place: Place }) {
  const text = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let shown = '';
    const write = () => {
      const next = formatMs(place.at.value, 0);
      if (next === shown) return;
      shown = next;
      text.current!.textContent = next;
    };
    write();
    const end = place.at.subscribe(() => nextFrame(write));
    return () => {
      end();
      dropFrame(write);
    };
  }, [place]);
  return (
    <span class="meeting-clock number">
      <span ref={text} data-testid="meeting-time" /> <span class="quiet">/ {formatMs(place.bounds.toMs, 0)}</span>
    </span>
  );
}
