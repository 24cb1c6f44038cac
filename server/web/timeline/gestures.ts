import { pan, zoom, type View } from './view.ts';

export interface GestureTarget {
  view: View;
  bounds: View;
  /** Px from the left of the element at which time begins. */
  left: number;
  onCursor: (ms: number | undefined) => void;
  onView?: (view: View) => void;
  /** Dragging moves the cursor in place of the view, and pointing alone does nothing. */
  scrubs?: boolean;
}

/** A pointer that moved less has clicked. */
const DRAG_PX = 4;
const WHEEL_ZOOM = 0.002;

/**
 * Pointing moves the cursor; dragging moves the view, two fingers or the wheel with Ctrl zoom it, the wheel sideways
 * moves it. The wheel alone scrolls the page, as everywhere.
 *
 * @returns what ends it
 */
export function gesturesOn(element: HTMLElement, target: () => GestureTarget): () => void {
  const fingers = new Map<number, { x: number; startX: number }>();
  let dragging = false;
  let pinched = false;
  const widthOf = () => Math.max(1, element.clientWidth - target().left);
  const timeAt = (clientX: number): number => {
    const { view, left } = target();
    const share = (clientX - element.getBoundingClientRect().left - left) / widthOf();
    return view.fromMs + Math.min(1, Math.max(0, share)) * (view.toMs - view.fromMs);
  };
  const move = (px: number) => {
    const { view, bounds, onView } = target();
    onView?.(pan(view, (-px / widthOf()) * (view.toMs - view.fromMs), bounds));
  };

  const down = (event: PointerEvent) => {
    fingers.set(event.pointerId, { x: event.clientX, startX: event.clientX });
    // A finger may be about to scroll the page, or be the first of two; whether it taps is known when it leaves.
    if (target().scrubs && event.pointerType === 'touch') return;
    target().onCursor(timeAt(event.clientX));
  };
  const moved = (event: PointerEvent) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) {
      if (!target().scrubs) target().onCursor(timeAt(event.clientX));
      return;
    }
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    const before = finger.x;
    finger.x = event.clientX;
    if (other) {
      pinched = true;
      const { view, bounds, onView } = target();
      const factor = Math.max(1, Math.abs(finger.x - other.x)) / Math.max(1, Math.abs(before - other.x));
      onView?.(zoom(view, factor, timeAt((finger.x + other.x) / 2), bounds));
    } else if (dragging || Math.abs(finger.x - finger.startX) >= DRAG_PX) {
      if (!dragging) element.setPointerCapture(event.pointerId);
      dragging = true;
      if (target().scrubs) target().onCursor(timeAt(event.clientX));
      else move(finger.x - before);
    }
  };
  const up = (event: PointerEvent) => {
    const { scrubs, onCursor } = target();
    const tapped = event.type === 'pointerup' && event.pointerType === 'touch' && fingers.size === 1;
    if (scrubs && tapped && !dragging && !pinched) onCursor(timeAt(event.clientX));
    fingers.delete(event.pointerId);
    pinched &&= fingers.size > 0;
    dragging &&= fingers.size > 0;
  };
  const left = () => {
    if (target().scrubs) return;
    if (fingers.size === 0 && document.activeElement !== element) target().onCursor(undefined);
  };
  const wheel = (event: WheelEvent) => {
    const { view, bounds, onView } = target();
    if (!onView) return;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      onView(zoom(view, Math.exp(-event.deltaY * WHEEL_ZOOM), timeAt(event.clientX), bounds));
    } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      event.preventDefault();
      move(-sideways);
    }
  };
  const double = (event: MouseEvent) => {
    const { view, bounds, onView } = target();
    onView?.(zoom(view, 2, timeAt(event.clientX), bounds));
  };

  const ending = new AbortController();
  const { signal } = ending;
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', moved, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  element.addEventListener('pointerleave', left, { signal });
  element.addEventListener('wheel', wheel, { passive: false, signal });
  element.addEventListener('dblclick', double, { signal });
  return () => ending.abort();
}
