import { useEffect } from 'preact/hooks';
import { writeAddress } from './address.ts';
import type { Filter } from './Filter.ts';
import type { Player } from './Player.ts';
import type { Place } from './Place.ts';

const REST_MS = 200;

/** Keeps the address of the page at what is shown, so that it can be passed on. */
export function useAddress(place: Place, filter: Filter, player: Player): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      timer = undefined;
      const { at, view } = place;
      history.replaceState(null, '', writeAddress(location.search, { atMs: at.value, view: view.value, filter }));
    };
    const soon = () => (timer ??= setTimeout(write, REST_MS));
    // The player says where it is once a second, which is often enough.
    const ends = [place.leapt, place.view, player.state].map((store) => store.subscribe(soon));
    soon();
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [place, filter, player]);
}
