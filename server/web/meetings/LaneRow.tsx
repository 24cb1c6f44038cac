import type { ComponentChildren } from 'preact';
import type { Filter } from './Filter.ts';
import { LaneCanvas } from './LaneCanvas.tsx';
import type { LaneLook } from './LaneLook.ts';
import { nameOf, type MeetingLane } from './lanesOf.ts';
import type { PersonNow } from './peopleNow.ts';
import type { Place } from './Place.ts';
import type { Results } from './Results.ts';

interface LaneRowProps {
  lane: MeetingLane;
  place: Place;
  results: Results;
  filter: Filter;
  look: LaneLook;
  colors: ReadonlyMap<string, number>;
  now: PersonNow | undefined;
  children?: ComponentChildren;
}

/** Who, what is known of them at the cursor, and their lane. */
export function LaneRow({ lane, place, results, filter, look, colors, now, children }: LaneRowProps) {
  const color = now?.label === undefined ? '' : `label-${colors.get(now.label) ?? 0}`;
  return (
    <div class="meeting-lane" data-testid="meeting-lane" data-participant={lane.participantId}>
      <div class="meeting-who">
        <strong class="meeting-name">{nameOf(lane)}</strong>
        <span class={`meeting-now quiet ${color}`} data-testid="meeting-now">
          {now?.reading !== undefined && (
            <>
              {now.label !== undefined && <span class="meetings-mark" />} {now.speaking ? 'speaks: ' : ''}
              {now.reading}
            </>
          )}
          {now?.reading === undefined && (now?.speaking ? 'speaks' : lane.utterances === 0 ? 'no results' : '')}
        </span>
      </div>
      <div class="meeting-picture">
        <LaneCanvas lane={lane} place={place} results={results} filter={filter} look={look} />
        {children}
      </div>
    </div>
  );
}
