import type { Span } from '../contract/v1/types.ts';
import { append, endOf, TOLERANCE_MS } from './frames.ts';
import type {
  PlacedWord,
  Trace,
  TraceBatch,
  TraceFace,
  TraceFrames,
  TraceGap,
  TraceModality,
  TraceSegment,
  TraceSpeech,
  TraceText,
  TraceWindow,
  TraceWindowEvent,
} from './TraceTypes.ts';

export interface TraceLogOptions {
  /** Frames kept. When there are more, each two become one: the resolution falls, not the length. @default 225000 (2 h) */
  maxFrames?: number;
  /** Entries of each other kind kept, the newest. @default 20000 */
  maxEntries?: number;
  /** What ended longer before the newest entry is let go. @default Infinity */
  keepMs?: number;
}

/** Puts the batches of one participant's trace together. Its size is bounded, however long the trace. */
export class TraceLog {
  readonly #maxFrames: number;
  readonly #maxEntries: number;
  readonly #keepMs: number;
  #frames: TraceFrames[] = [];
  /** What a value stands for, once they are too many to stand for a frame each. */
  #frameMs = 0;
  readonly #speech = new Map<number, Span>();
  #gaps: TraceGap[] = [];
  #faces: TraceFace[] = [];
  #modalities: TraceModality[] = [];
  readonly #windows = new Map<string, TraceWindow>();
  readonly #texts = new Map<string, TraceText>();
  readonly #segments = new Map<string, TraceSegment>();
  #lost = 0;
  #endMs = -Infinity;

  constructor({ maxFrames = 225_000, maxEntries = 20_000, keepMs = Infinity }: TraceLogOptions = {}) {
    this.#maxFrames = maxFrames;
    this.#maxEntries = maxEntries;
    this.#keepMs = keepMs;
  }

  /** How far the data reach, ms; -Infinity where there are none. */
  get endMs(): number {
    return this.#endMs;
  }

  add(batch: TraceBatch): void {
    this.#addFrames(batch.frames);
    for (const speech of batch.speech) this.#addSpeech(speech);
    for (const gap of batch.gaps) this.#addGap(gap);
    this.#faces.push(...batch.faces);
    this.#modalities.push(...batch.modalities);
    for (const event of batch.windows) this.#addWindow(event);
    for (const text of batch.texts) this.#texts.set(text.utteranceId, text);
    for (const segment of batch.segments) this.#segments.set(segment.segmentId, segment);
    this.#lost += batch.lost;
    for (const { atMs } of [...batch.faces, ...batch.windows]) this.#reach(atMs);
    this.#expire();
    this.#limit();
  }

  /** Everything so far, in the order of time. */
  get trace(): Trace {
    return {
      frames: structuredClone(this.#frames),
      speech: [...this.#speech.values()].sort(byStart),
      gaps: this.#gaps.toSorted((a, b) => a.fromMs - b.fromMs),
      faces: this.#faces.toSorted((a, b) => a.atMs - b.atMs),
      windows: [...this.#windows.values()].sort(byStart),
      words: this.#placedWords(),
      modalities: [...this.#modalities],
      lost: this.#lost,
    };
  }

  #reach(atMs: number): void {
    this.#endMs = Math.max(this.#endMs, atMs);
  }

  #addFrames(runs: readonly TraceFrames[]): void {
    for (const run of runs) {
      this.#frameMs = Math.max(this.#frameMs, run.frameMs);
      append(this.#frames, run, this.#frameMs);
      this.#reach(endOf(run));
    }
    const count = () => this.#frames.reduce((sum, { level }) => sum + level.length, 0);
    while (count() > this.#maxFrames) {
      if (this.#frames.length > this.#maxFrames / 2) {
        // Many short runs cannot be thinned: the oldest go.
        this.#lost += this.#frames.splice(0, Math.ceil(this.#frames.length / 4)).length;
      } else {
        this.#frameMs *= 2;
        const before = this.#frames;
        this.#frames = [];
        for (const run of before) append(this.#frames, run, this.#frameMs);
      }
    }
  }

  #addSpeech({ startMs, endMs }: TraceSpeech): void {
    this.#speech.set(startMs, { startMs, endMs });
  }

  /** A long gap is told in parts, and again in full when it is over. */
  #addGap({ fromMs, toMs, reason }: TraceGap): void {
    const last = this.#gaps.at(-1);
    const goesOn = last?.reason === reason && fromMs <= last.toMs + TOLERANCE_MS && toMs >= last.fromMs;
    if (goesOn) {
      const whole = { reason, fromMs: Math.min(last.fromMs, fromMs), toMs: Math.max(last.toMs, toMs) };
      this.#gaps[this.#gaps.length - 1] = whole;
    } else this.#gaps.push({ fromMs, toMs, reason });
  }

  #addWindow(event: TraceWindowEvent): void {
    const { utteranceId, atMs } = event;
    const known = this.#windows.get(utteranceId);
    switch (event.kind) {
      case 'open': {
        const { startMs, trigger } = event;
        this.#windows.set(utteranceId, { utteranceId, startMs, opened: { by: trigger, atMs } });
        return;
      }
      case 'close': {
        const { startMs, endMs } = event.span;
        const opened = known?.opened ?? { by: 'speech' as const, atMs: startMs };
        this.#windows.set(utteranceId, { utteranceId, startMs, endMs, opened, closed: { by: event.trigger, atMs } });
        return;
      }
      case 'discard':
        this.#texts.delete(utteranceId);
        if (known) this.#windows.set(utteranceId, { ...known, endMs: Math.max(known.startMs, atMs), discarded: true });
    }
  }

  #placedWords(): PlacedWord[] {
    const placed = [...this.#texts.values()].flatMap(({ utteranceId, words }) =>
      words.map((word): PlacedWord => ({ ...word, utteranceId })),
    );
    const known = new Set(placed.map(keyOf));
    const unplaced = [...this.#segments.values()].flatMap(({ words, final }) =>
      words
        .filter((word) => !known.has(keyOf(word)))
        .map((word): PlacedWord => ({ ...word, final, utteranceId: null })),
    );
    return [...placed, ...unplaced].sort(byStart);
  }

  #expire(): void {
    const fromMs = this.#endMs - this.#keepMs;
    if (fromMs === -Infinity) return;
    this.#frames = this.#frames.filter((run) => endOf(run) >= fromMs);
    this.#gaps = this.#gaps.filter(({ toMs }) => toMs >= fromMs);
    this.#faces = this.#faces.filter(({ atMs }) => atMs >= fromMs);
    for (const [key, { endMs }] of this.#speech) if (endMs < fromMs) this.#speech.delete(key);
    for (const [id, { startMs, endMs }] of this.#windows) {
      if ((endMs ?? Math.max(startMs, this.#endMs)) < fromMs) this.#windows.delete(id);
    }
    for (const [id, { words }] of this.#texts) if (wordsEndOf(words) < fromMs) this.#texts.delete(id);
    for (const [id, { words }] of this.#segments) if (wordsEndOf(words) < fromMs) this.#segments.delete(id);
  }

  #limit(): void {
    const max = this.#maxEntries;
    const shorten = <T>(entries: T[]): T[] => {
      if (entries.length <= max) return entries;
      this.#lost += entries.length - max;
      return entries.slice(-max);
    };
    this.#gaps = shorten(this.#gaps);
    this.#faces = shorten(this.#faces);
    this.#modalities = shorten(this.#modalities);
    for (const map of [this.#speech, this.#windows, this.#texts, this.#segments] as Map<unknown, unknown>[]) {
      while (map.size > max) {
        map.delete(map.keys().next().value);
        this.#lost += 1;
      }
    }
  }
}

function byStart(a: { startMs: number }, b: { startMs: number }): number {
  return a.startMs - b.startMs;
}

function keyOf({ startMs, text }: { startMs: number; text: string }): string {
  return `${startMs} ${text}`;
}

function wordsEndOf(words: readonly { endMs: number }[]): number {
  return Math.max(-Infinity, ...words.map(({ endMs }) => endMs));
}
