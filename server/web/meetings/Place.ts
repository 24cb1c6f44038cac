import { Store } from '../../../client/Store.ts';
import { pan, showing, within, zoom, type View } from '../timeline/view.ts';

/** How far into the view the time that plays is put when it has left it. */
const TURN_TO = 0.08;

/**
 * Where in a meeting its reader is: the time that is looked at and the stretch that is shown, ms from the start. Both are to be
 * watched, so that what moves with every frame is not a matter of rendering the page.
 */
export class Place {
  readonly bounds: View;
  readonly at: Store<number>;
  readonly view: Store<View>;
  /** Where the reader has leapt to last; playing does not change it. */
  readonly leapt: Store<{ toMs: number }>;

  constructor(durationMs: number, { atMs, view }: { atMs?: number; view?: View } = {}) {
    this.bounds = { fromMs: 0, toMs: Math.max(1, durationMs) };
    this.at = new Store(this.#inside(atMs ?? 0));
    this.view = new Store(view ? within(view, this.bounds) : this.bounds);
    this.leapt = new Store({ toMs: this.at.value });
  }

  /** The reader looks at another time. */
  leap(toMs: number): void {
    const next = this.#inside(toMs);
    this.at.set(next);
    this.view.set(showing(this.view.value, next, this.bounds));
    this.leapt.set({ toMs: next });
  }

  /** Time goes on by itself: the view turns like a page, so that between two turns nothing but the cursor moves. */
  play(toMs: number): void {
    const next = this.#inside(toMs);
    this.at.set(next);
    const { fromMs, toMs: endMs } = this.view.value;
    if (next >= fromMs && next <= endMs) return;
    const startMs = next - (endMs - fromMs) * TURN_TO;
    this.show({ fromMs: startMs, toMs: startMs + endMs - fromMs });
  }

  show(view: View): void {
    this.view.set(within(view, this.bounds));
  }

  /** Shows `factor` times less time, around the cursor where it is in view. */
  zoom(factor: number): void {
    const { fromMs, toMs } = this.view.value;
    const at = this.at.value;
    const around = at >= fromMs && at <= toMs ? at : (fromMs + toMs) / 2;
    this.view.set(zoom(this.view.value, factor, around, this.bounds));
  }

  /** @param share - of the view; below 0 to the left */
  pan(share: number): void {
    const { fromMs, toMs } = this.view.value;
    this.view.set(pan(this.view.value, share * (toMs - fromMs), this.bounds));
  }

  #inside(ms: number): number {
    return Math.min(this.bounds.toMs, Math.max(0, ms));
  }
}
