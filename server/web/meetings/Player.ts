import { startReplay } from '../../../client/replay/openReplay.ts';
import type { Replay } from '../../../client/replay/Replay.ts';
import type { RoomState } from '../../../client/RoomState.ts';
import { Store } from '../../../client/Store.ts';
import type { ReplayPosition } from '../../../plugin/events/contract/v1/types.ts';
import type { Place } from './Place.ts';
import type { Results } from './Results.ts';

export interface PlayerState {
  /** `off` until somebody wants to play. */
  playback: 'off' | 'connecting' | ReplayPosition['playback'];
  speed: number;
  problem?: string;
}

export interface PlayerOptions {
  meetingId: string;
  token: string | undefined;
  place: Place;
  results: Results;
  /** Somebody was erased meanwhile. */
  onErased: (participantId: string) => void;
}

export const SPEEDS = [0.5, 1, 2, 4, 8, 16, 32] as const;

/** The server takes ten leaps a second; who drags the cursor is asked for where it rests. */
const REST_MS = 150;
/** The server tells where it is once a second; when it is silent for longer, time stands. */
const SILENT_MS = 2_500;

/** Plays a meeting through the replay API. Nothing is opened before somebody wants to play. */
export class Player {
  readonly state = new Store<PlayerState>({ playback: 'off', speed: 1 });
  /** What stood in the room at this place, as a live client had it; undefined before it plays. */
  readonly room = new Store<RoomState | undefined>(undefined);
  readonly #options: PlayerOptions;
  readonly #unfollow: () => void;
  #replay: Replay | undefined;
  #leap: ReturnType<typeof setTimeout> | undefined;
  /** A leap is under way: where it comes from is not shown any more. */
  #leaping = false;
  #frame: number | undefined;
  /** What the server said last, and when. */
  #told: { positionMs: number; nowMs: number } = { positionMs: 0, nowMs: 0 };

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#unfollow = options.place.leapt.subscribe(() => this.#leapt());
  }

  get wantsToPlay(): boolean {
    const { playback } = this.state.value;
    return playback === 'connecting' || playback === 'playing' || playback === 'waiting';
  }

  toggle(): void {
    if (this.wantsToPlay) this.pause();
    else this.play();
  }

  play(): void {
    const { place } = this.#options;
    if (place.at.value >= place.bounds.toMs) place.leap(0);
    if (!this.#replay) this.#open();
    else this.#try(this.#replay.resume());
  }

  pause(): void {
    if (this.#replay) this.#try(this.#replay.pause());
  }

  rate(speed: number): void {
    this.state.update((state) => ({ ...state, speed }));
    if (this.#replay) this.#try(this.#replay.rate(speed));
  }

  close(): void {
    this.#unfollow();
    this.#end();
  }

  #open(): void {
    const { meetingId, token, place, results, onErased } = this.#options;
    const { speed } = this.state.value;
    this.state.set({ playback: 'connecting', speed });
    const replay = startReplay({ url: location.origin, token, meetingId, from: place.at.value, speed });
    this.#replay = replay;
    replay.on('event', (event) => results.add(event));
    replay.on('retracted', (participantId) => {
      results.forget(participantId);
      onErased(participantId);
    });
    replay.on('problem', ({ message }) => this.#problem(message));
    replay.on('closed', () => this.#end());
    replay.position.subscribe(() => this.#moved(replay.position.value));
    replay.room.subscribe(() => this.room.set(replay.room.value));
  }

  #end(): void {
    clearTimeout(this.#leap);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    const replay = this.#replay;
    this.#replay = undefined;
    replay?.close();
    this.#leaping = false;
    this.room.set(undefined);
    this.state.update((state) => ({ ...state, playback: 'off' }));
  }

  #leapt(): void {
    if (!this.#replay) return;
    this.#leaping = true;
    clearTimeout(this.#leap);
    this.#leap = setTimeout(() => void this.#go(), REST_MS);
  }

  async #go(): Promise<void> {
    const { toMs } = this.#options.place.leapt.value;
    try {
      await this.#replay?.seek(toMs);
    } catch (error) {
      this.#problem((error as Error).message);
    }
    // The reader may have gone on meanwhile.
    if (this.#options.place.leapt.value.toMs === toMs) this.#leaping = false;
  }

  #moved({ positionMs, speed, playback }: ReplayPosition): void {
    this.#told = { positionMs, nowMs: performance.now() };
    this.state.update(({ problem }) => ({
      playback,
      speed,
      ...(problem !== undefined && playback !== 'playing' && { problem }),
    }));
    if (playback === 'playing') this.#frame ??= requestAnimationFrame(this.#run);
    else if (playback === 'ended' && !this.#leaping) this.#options.place.play(this.#options.place.bounds.toMs);
  }

  /** Between two words of the server time goes on as it said. */
  readonly #run = (): void => {
    this.#frame = undefined;
    const { playback, speed } = this.state.value;
    if (playback !== 'playing') return;
    this.#frame = requestAnimationFrame(this.#run);
    if (this.#leaping) return;
    const { positionMs, nowMs } = this.#told;
    const { place } = this.#options;
    const nextMs = positionMs + Math.min(performance.now() - nowMs, SILENT_MS) * speed;
    // A word that came late does not make the cursor tremble.
    const backMs = place.at.value - nextMs;
    if (backMs < 0 || backMs > 1_000 * speed) place.play(nextMs);
  };

  #try(asked: Promise<void>): void {
    asked.catch((error: Error) => this.#problem(error.message));
  }

  #problem(problem: string): void {
    this.state.update((state) => ({ ...state, problem }));
  }
}
