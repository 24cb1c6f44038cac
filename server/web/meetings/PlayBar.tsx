import { Icon } from '../ui/Icon.tsx';
import { useStore } from '../ui/hooks.ts';
import type { Place } from './Place.ts';
import { SPEEDS, type Player } from './Player.ts';
import { TimeText, ZOOM } from './TimeCursor.tsx';

const SAID = {
  off: '',
  connecting: 'connecting …',
  playing: 'playing',
  paused: 'paused',
  waiting: 'waiting for the server …',
  ended: 'the end',
} as const;

/** Plays, and chooses how much time is shown. */
export function PlayBar({ player, place }: { player: Player; place: Place }) {
  const { playback, speed, problem } = useStore(player.state);
  const plays = playback === 'playing' || playback === 'waiting' || playback === 'connecting';
  return (
    <div class="meeting-bar" role="group" aria-label="Play and zoom">
      <button
        type="button"
        class="button button-primary meeting-play"
        onClick={() => player.toggle()}
        data-testid="meeting-play"
      >
        <Icon name={plays ? 'pause' : 'play'} /> {plays ? 'Pause' : 'Play'}
      </button>
      <label class="meeting-rate">
        <span class="sr-only">Rate</span>
        <select
          class="input"
          value={String(speed)}
          onChange={(event) => player.rate(Number(event.currentTarget.value))}
          data-testid="meeting-rate"
        >
          {SPEEDS.map((one) => (
            <option key={one} value={String(one)}>
              {one}×
            </option>
          ))}
        </select>
      </label>
      <TimeText place={place} />
      <span class="quiet meeting-playback" role="status" data-testid="meeting-playback">
        {problem ?? SAID[playback]}
      </span>
      <span class="meeting-zoom">
        <button
          type="button"
          class="button button-icon"
          aria-label="Show more time"
          onClick={() => place.zoom(1 / ZOOM)}
        >
          −
        </button>
        <button type="button" class="button button-icon" aria-label="Show less time" onClick={() => place.zoom(ZOOM)}>
          +
        </button>
        <button type="button" class="button button-small" onClick={() => place.show(place.bounds)}>
          Whole meeting
        </button>
      </span>
    </div>
  );
}
