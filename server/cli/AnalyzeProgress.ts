import { SingleBar } from 'cli-progress';
import { clock } from '../recording/report/figures.ts';

/** Between two lines of progress, ms. */
const LINE_MS = 1_000;

/** How far an analysis is: a bar on a terminal, or JSON lines. */
export class AnalyzeProgress {
  readonly #lengthMs: number;
  readonly #bar: SingleBar | undefined;
  readonly #lines: boolean;
  /** Where this run began, and when it had got there: what was done before says nothing about its speed. */
  #fromMs: number;
  #fromAt = performance.now();
  #lineAt = 0;

  /** @param options whether there may be a bar; whether lines are wanted; how far an earlier run came */
  constructor(lengthMs: number, { bar, lines, fromMs }: { bar: boolean; lines: boolean; fromMs: number }) {
    this.#lengthMs = lengthMs;
    this.#lines = lines;
    this.#fromMs = fromMs;
    if (!bar || !process.stderr.isTTY) return;
    this.#bar = new SingleBar({
      stream: process.stderr,
      format: '{bar} {percentage} % | {at} of {length} | {left} left',
      hideCursor: true,
    });
    this.#bar.start(lengthMs, fromMs, this.#words(fromMs));
  }

  update(untilMs: number): void {
    const doneMs = Math.min(untilMs, this.#lengthMs);
    if (doneMs <= this.#fromMs) this.#fromAt = performance.now();
    this.#bar?.update(doneMs, this.#words(doneMs));
    if (!this.#lines || (performance.now() - this.#lineAt < LINE_MS && doneMs < this.#lengthMs)) return;
    this.#lineAt = performance.now();
    const leftMs = this.#leftMs(doneMs);
    const left = leftMs === undefined ? {} : { leftMs: Math.round(leftMs) };
    console.log(JSON.stringify({ type: 'progress', doneMs, totalMs: this.#lengthMs, ...left }));
  }

  stop(): void {
    this.#bar?.stop();
  }

  #words(doneMs: number) {
    const leftMs = this.#leftMs(doneMs);
    return { at: clock(doneMs), length: clock(this.#lengthMs), left: leftMs === undefined ? '?' : clock(leftMs) };
  }

  #leftMs(doneMs: number): number | undefined {
    const done = doneMs - this.#fromMs;
    return done <= 0 ? undefined : ((performance.now() - this.#fromAt) / done) * (this.#lengthMs - doneMs);
  }
}
