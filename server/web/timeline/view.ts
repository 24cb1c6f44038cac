/** The stretch of time that is shown, ms. */
export interface View {
  readonly fromMs: number;
  readonly toMs: number;
}

/** No closer than this: a word is then as wide as a hand. */
const SHORTEST_MS = 500;

/** A view of the same length inside the bounds; one that is longer than they are is the bounds. */
export function within({ fromMs, toMs }: View, bounds: View): View {
  const lengthMs = toMs - fromMs;
  if (lengthMs >= bounds.toMs - bounds.fromMs) return bounds;
  const startMs = Math.min(Math.max(fromMs, bounds.fromMs), bounds.toMs - lengthMs);
  return { fromMs: startMs, toMs: startMs + lengthMs };
}

/** Shows `factor` times less time; what is at `atMs` stays where it is. */
export function zoom(view: View, factor: number, atMs: number, bounds: View): View {
  const lengthMs = view.toMs - view.fromMs;
  const longestMs = bounds.toMs - bounds.fromMs;
  const nextMs = Math.min(longestMs, Math.max(Math.min(SHORTEST_MS, longestMs), lengthMs / factor));
  const fromMs = atMs - ((atMs - view.fromMs) / lengthMs) * nextMs;
  return within({ fromMs, toMs: fromMs + nextMs }, bounds);
}

export function pan(view: View, byMs: number, bounds: View): View {
  return within({ fromMs: view.fromMs + byMs, toMs: view.toMs + byMs }, bounds);
}

/** The view, moved no more than needed to show `atMs`. */
export function showing(view: View, atMs: number, bounds: View): View {
  if (atMs < view.fromMs) return pan(view, atMs - view.fromMs, bounds);
  if (atMs > view.toMs) return pan(view, atMs - view.toMs, bounds);
  return view;
}

const HOUR_MS = 3_600_000;
const STEPS_MS = [
  ...[100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000],
  ...[60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, HOUR_MS, 2 * HOUR_MS],
];

/** Round times, counted from `zeroMs`, with at least `leastPx` between them. */
export function ticks(view: View, zeroMs: number, width: number, leastPx: number): { atMs: number; text: string }[] {
  const lengthMs = view.toMs - view.fromMs;
  const stepMs =
    STEPS_MS.find((step) => (step / lengthMs) * width >= leastPx) ??
    Math.ceil(((leastPx / width) * lengthMs) / HOUR_MS) * HOUR_MS;
  const found = [];
  for (let n = Math.ceil((view.fromMs - zeroMs) / stepMs); zeroMs + n * stepMs <= view.toMs; n += 1) {
    found.push({ atMs: zeroMs + n * stepMs, text: formatMs(n * stepMs, stepMs < 1_000 ? 1 : 0) });
  }
  return found;
}

/** `m:ss`, or `h:mm:ss` from an hour on, with decimals of a second. */
export function formatMs(ms: number, decimals = 2): string {
  const sign = ms < 0 ? '\u2212' : '';
  const unit = 10 ** decimals;
  const total = Math.round((Math.abs(ms) / 1_000) * unit);
  const seconds = (total % (60 * unit)) / unit;
  const minutes = Math.floor(total / (60 * unit));
  const two = (value: number) => String(value).padStart(2, '0');
  const rest = seconds.toFixed(decimals).padStart(decimals > 0 ? 3 + decimals : 2, '0');
  return minutes < 60 ? `${sign}${minutes}:${rest}` : `${sign}${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}
