import { useEffect, useRef, useState } from 'preact/hooks';
import type { Store } from '../../../client/Store.ts';

/** The value of a store; renders again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, render] = useState(0);
  useEffect(() => {
    // It may have changed between rendering and now.
    render((count) => count + 1);
    return store.subscribe(() => render((count) => count + 1));
  }, [store]);
  return store.value;
}

/** A time that moves on every `everyMs`. */
export function useNow(everyMs: number, now: () => number): number {
  const [nowMs, setNow] = useState(now);
  const latest = useRef(now);
  latest.current = now;
  useEffect(() => {
    const timer = setInterval(() => setNow(latest.current()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
