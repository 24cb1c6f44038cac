import { useEffect } from 'preact/hooks';
import { writeAddress } from './address.ts';
import type { Filter } from './Filter.ts';
import type { Place } from './Place.ts';

const REST_MS = 200;

/** Keeps the address of the page at what is shown, so that it can be passed on. */
export function useAddress(place: Place, filter: Filter): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      timer = undefined;
      const { at, view } = place;
      history.replaceState(null, '', writeAddress(location.search, { atMs: at.value, view: view.value, filter }));
    };
    const soon = () => (timer ??= setTimeout(write, REST_MS));
    const ends = [place.leapt.subscribe(soon), place.view.subscribe(soon)];
    soon();
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [place, filter]);
}
