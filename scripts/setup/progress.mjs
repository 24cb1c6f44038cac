/**
 * Tells on standard error what setup does. On a terminal the running step is one line that is drawn again; elsewhere
 * (a log file, CI) each step is a line when it starts, when it passes each tenth, and when it ends.
 */

const BAR_WIDTH = 24;

/** @param {number} ms */
export function formatDuration(ms) {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

export class Progress {
  #stream;
  #title = '';
  #startedMs = 0;
  #fraction = 0;
  #detail = '';
  #tenth = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {NodeJS.WriteStream} stream */
  constructor(stream = process.stderr) {
    this.#stream = stream;
  }

  /** @param {string} line */
  say(line) {
    this.#erase();
    this.#stream.write(`${line}\n`);
  }

  /** @param {string} title */
  start(title) {
    this.#title = title;
    this.#startedMs = Date.now();
    this.#fraction = 0;
    this.#detail = '';
    this.#tenth = 0;
    if (this.#stream.isTTY) {
      this.#draw();
      this.#timer = setInterval(() => this.#draw(), 250);
    } else {
      this.say(`  … ${title}`);
    }
  }

  /**
   * @param {number} done units finished
   * @param {number} total units in all, above 0
   */
  advance(done, total) {
    this.#fraction = done / total;
    this.#detail = `${done}/${total}`;
    const tenth = Math.floor(this.#fraction * 10);
    if (this.#stream.isTTY || tenth === this.#tenth) return;
    this.#tenth = tenth;
    this.say(`    ${Math.floor(this.#fraction * 100)} % (${this.#detail})${this.#remaining()}`);
  }

  /** @param {string} [note] */
  done(note) {
    this.#stop();
    this.say(`  ✓ ${this.#title}${note ? `: ${note}` : ''} (${formatDuration(Date.now() - this.#startedMs)})`);
  }

  failed() {
    this.#stop();
    this.say(`  ✗ ${this.#title} (${formatDuration(Date.now() - this.#startedMs)})`);
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #remaining() {
    // The first files of a build are no measure of the rest.
    if (this.#fraction < 0.05 || this.#fraction >= 1) return '';
    const elapsedMs = Date.now() - this.#startedMs;
    return `, about ${formatDuration((elapsedMs / this.#fraction) * (1 - this.#fraction))} left`;
  }

  #draw() {
    this.#erase();
    const filled = Math.round(this.#fraction * BAR_WIDTH);
    const bar = this.#detail
      ? ` [${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ${this.#detail}${this.#remaining()}`
      : ` ${formatDuration(Date.now() - this.#startedMs)}`;
    this.#stream.write(`  … ${this.#title}${bar}`.slice(0, (this.#stream.columns || 80) - 1));
  }

  #erase() {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[2K');
  }
}
