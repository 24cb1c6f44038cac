import { useEffect, useState } from 'preact/hooks';
import type { Player } from './Player.ts';
import type { Place } from './Place.ts';
import type { Results } from './Results.ts';
import { peopleNow, type PersonNow } from './peopleNow.ts';

/** Readers take in no more changes a second than these. */
const EVERY_MS = 200;

/** What is known of each person at the cursor; renders when that changes. */
export function usePeopleNow(participantIds: readonly string[], place: Place, results: Results, player: Player) {
  const [now, setNow] = useState<ReadonlyMap<string, PersonNow>>(new Map());
  useEffect(() => {
    let shown = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      const next = peopleNow(participantIds, place.at.value, results, player.room.value);
      const text = JSON.stringify([...next]);
      if (text === shown) return;
      shown = text;
      setNow(next);
    };
    const soon = () => (timer ??= setTimeout(look, EVERY_MS));
    const ends = [place.at, results.version, player.room].map((store) => store.subscribe(soon));
    look();
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [participantIds, place, results, player]);
  return now;
}
