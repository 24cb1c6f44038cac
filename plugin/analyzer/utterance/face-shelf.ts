import type { Encoding } from './encoding.ts';
import type { Span } from '../../events/contract/v1/types.ts';
import type { FaceInput } from './UtteranceTypes.ts';

/** Faces below this quality are not worth encoding. */
export const USABLE_QUALITY = 0.1;
export const MAX_FACES = 24;

/** Faces from before an utterance opens that go with it, and from how long before. */
const RECENT_FACES = 2;
const RECENT_MS = 1000;
/** A face this much better than the one that holds its place in time is encoded as well. */
const BETTER_BY = 0.1;
const MAX_SAMPLES = 1000;

export interface ShelvedFace<V> {
  readonly atMs: number;
  readonly quality: number;
  encoding: Encoding<V> | null;
}

/** The faces of an utterance and what was seen besides. */
export interface FaceSelection<V> {
  /** In the order of time, all being encoded. */
  readonly faces: readonly ShelvedFace<V>[];
  /** Frames looked at. */
  readonly samples: number;
  /** Frames with a face, be it of use or not. */
  readonly seen: number;
  /** Frames with a face that is of use. */
  readonly usable: number;
}

interface Entry<V> extends ShelvedFace<V> {
  pixels: Uint8Array | null;
}

interface Sample {
  atMs: number;
  seen: boolean;
  usable: boolean;
}

/**
 * The face crops of one participant. While an utterance is open a crop is encoded when it comes, unless a crop as good
 * already stands for that part of its time; outside of utterances only the newest two are kept.
 */
export class FaceShelf<V> {
  readonly #encode: (pixels: Uint8Array) => Encoding<V>;
  /** Each stretch of this length is represented by its best face. */
  readonly #stretchMs: number;
  #entries: Entry<V>[] = [];
  #samples: Sample[] = [];
  #open = false;
  /** Faces up to here have gone with an utterance. */
  #takenMs = -Infinity;

  constructor(maxUtteranceMs: number, encode: (pixels: Uint8Array) => Encoding<V>) {
    this.#encode = encode;
    this.#stretchMs = Math.max(1, maxUtteranceMs / MAX_FACES);
  }

  add({ atMs, face }: FaceInput): void {
    if (!Number.isFinite(atMs)) return;
    const usable = face !== null && face.quality >= USABLE_QUALITY;
    this.#samples.push({ atMs, seen: face !== null, usable });
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
    if (usable) this.#put({ atMs, quality: face.quality, pixels: face.pixels, encoding: null });
    if (!this.#open) this.#keepRecent();
  }

  open(startMs: number): void {
    this.#open = true;
    this.#drop((atMs) => atMs < Math.max(startMs - RECENT_MS, this.#takenMs));
    for (const entry of this.#entries) this.#start(entry);
  }

  /** What the utterance would rest on if it ended now. */
  peek(span: Span): FaceSelection<V> {
    const fromMs = Math.max(span.startMs - RECENT_MS, this.#takenMs);
    const inside = ({ atMs }: { atMs: number }): boolean => atMs >= fromMs && atMs <= span.endMs;
    const samples = this.#samples.filter(inside);
    return {
      faces: best(this.#entries.filter(inside)),
      samples: samples.length,
      seen: samples.filter((sample) => sample.seen).length,
      usable: samples.filter((sample) => sample.usable).length,
    };
  }

  /** The faces of the utterance that ends; later ones stay for the next. */
  close(span: Span): FaceSelection<V> {
    const selection = this.peek(span);
    this.#takenMs = Math.max(this.#takenMs, span.endMs);
    this.#drop((atMs) => atMs <= span.endMs);
    this.#open = false;
    return selection;
  }

  /** The open utterance was none. */
  abandon(): void {
    this.#open = false;
    this.#keepRecent();
  }

  clear(): void {
    for (const { encoding } of this.#entries) encoding?.cancel();
    this.#entries = [];
    this.#samples = [];
  }

  #put(entry: Entry<V>): void {
    if (!this.#open) {
      this.#entries.push(entry);
      return;
    }
    const stretch = Math.floor(entry.atMs / this.#stretchMs);
    const rival = this.#entries.findIndex(({ atMs }) => Math.floor(atMs / this.#stretchMs) === stretch);
    if (rival !== -1 && entry.quality <= this.#entries[rival]!.quality + BETTER_BY) return;
    if (rival !== -1) this.#entries.splice(rival, 1)[0]?.encoding?.cancel();
    this.#start(entry);
    this.#entries.push(entry);
  }

  #start(entry: Entry<V>): void {
    if (!entry.pixels) return;
    entry.encoding = this.#encode(entry.pixels);
    // The encoder may have taken the memory over.
    entry.pixels = null;
  }

  #keepRecent(): void {
    this.#entries = this.#entries.slice(-RECENT_FACES);
    const newestMs = this.#samples.at(-1)?.atMs ?? 0;
    this.#samples = this.#samples.filter((sample) => sample.atMs >= newestMs - RECENT_MS);
  }

  #drop(outside: (atMs: number) => boolean): void {
    this.#entries = this.#entries.filter(({ atMs }) => !outside(atMs));
    this.#samples = this.#samples.filter(({ atMs }) => !outside(atMs));
  }
}

/** At most `MAX_FACES`, the best, in the order of time. */
function best<V>(faces: readonly ShelvedFace<V>[]): ShelvedFace<V>[] {
  return faces
    .toSorted((a, b) => b.quality - a.quality)
    .slice(0, MAX_FACES)
    .sort((a, b) => a.atMs - b.atMs);
}
