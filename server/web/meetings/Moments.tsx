import { formatMs } from '../timeline/view.ts';
import type { PlacedMoment } from './PlacedMoment.ts';

interface MomentsProps {
  moments: readonly PlacedMoment[];
  nameOf: (participantId: string) => string;
  onLeap: (moment: PlacedMoment) => void;
}

/** When the results of somebody changed, and how, in words; each leads to its place. */
export function Moments({ moments, nameOf, onLeap }: MomentsProps) {
  return (
    <section class="card meeting-moments" aria-labelledby="meeting-moments">
      <h2 id="meeting-moments">
        Moments of change <span class="quiet number">{moments.length}</span>
      </h2>
      <p class="quiet">
        Where the level of somebody’s results changed and stayed. Light, a microphone or the topic can do that as well
        as a mood.
      </p>
      {moments.length === 0 && <p class="quiet">None was found.</p>}
      {moments.length > 0 && (
        <ol tabIndex={0} aria-label="Moments of change">
          {moments.map((moment) => (
            <li key={moment.key}>
              <button type="button" class="meeting-moment" onClick={() => onLeap(moment)} data-testid="moment">
                <span class="number">{formatMs(moment.atMs, 0)}</span>
                <span>
                  <strong>{nameOf(moment.participantId)}</strong>: {moment.sentence}
                </span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
