/** So many events may wait for whoever iterates; then the replay stands until they are read. */
const MOST_WAITING = 1_000;

/** Whether a replay goes or stands: as its viewer wants it, and no faster than events are read. */
export class Flow {
  /** The viewer wants it to stand. */
  paused: boolean;
  /** Stands until who waited for it has begun to listen, and while too much waits to be read. */
  #held = true;
  readonly #control: (name: 'replay.pause' | 'replay.resume') => void;

  /** @param control - lets the server's side stand or go */
  constructor(paused: boolean, control: (name: 'replay.pause' | 'replay.resume') => void) {
    this.paused = paused;
    this.#control = control;
  }

  get held(): boolean {
    return this.#held;
  }

  /** Whether the server's side should stand. */
  get stands(): boolean {
    return this.paused || this.#held;
  }

  /** Holds the replay up while too much waits to be read, and lets it go on when that is done. */
  look(waiting: number): void {
    const hold = this.#held ? waiting > MOST_WAITING / 2 : waiting > MOST_WAITING;
    if (hold === this.#held) return;
    this.#held = hold;
    if (!this.paused) this.#control(hold ? 'replay.pause' : 'replay.resume');
  }
}
