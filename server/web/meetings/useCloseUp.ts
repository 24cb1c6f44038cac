import { useEffect } from 'preact/hooks';
import { isClose } from './drawUtterances.ts';
import type { Place } from './Place.ts';
import type { Results } from './Results.ts';

const REST_MS = 150;

/** Fetches single results where so little time is in view that each is drawn on its own. */
export function useCloseUp(place: Place, results: Results): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const want = () => {
      timer = undefined;
      if (isClose(place.view.value)) results.want(place.view.value);
    };
    want();
    const end = place.view.subscribe(() => (timer ??= setTimeout(want, REST_MS)));
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [place, results]);
}
