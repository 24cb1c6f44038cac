import type { Span } from '../../events/contract/v1/types.ts';
import { MAX_ONSET_DELAY_MS } from './mark-speech.ts';
import { NEAR_MS, placeWord, type Window } from './place-word.ts';
import { renderText, type SegmentShare } from './render-text.ts';
import type { AlignedEvent, TimedSegment, TimedWord, WindowEvent } from './StageTypes.ts';
import type { UtteranceCounters } from './UtteranceTypes.ts';

/** A word that has found no utterance by then is dropped. */
const LOST_AFTER_MS = 15_000;
/** How long utterances and segments are remembered, for words that come late. */
const KEEP_MS = 30_000;
const EXPIRY_INTERVAL_MS = 1000;
const MAX_WINDOWS = 64;
const MAX_SEGMENTS = 512;
const MAX_WORDS = 20_000;
/** The last word may end so much before the sound does and still be taken for the last. */
const END_TOLERANCE_MS = 250;

interface PlacedWord extends TimedWord {
  owner: string | undefined;
  dropped: boolean;
}

interface Entry {
  readonly segment: TimedSegment;
  readonly words: PlacedWord[];
}

interface AlignerWindow extends Window {
  endMs: number;
  /** Its words have changed since they were last told. */
  dirty: boolean;
  awaitsWords: boolean;
}

/** Which word of one participant belongs to which of their utterances. */
export class WordAligner {
  readonly #emit: (event: AlignedEvent) => void;
  readonly #counters: UtteranceCounters;
  readonly #segments = new Map<string, Entry>();
  #windows: AlignerWindow[] = [];
  #wordCount = 0;
  /** Words that have not found their place yet. */
  #undecided = 0;
  #progressMs = -Infinity;
  #expiredMs = -Infinity;
  #ended = false;

  constructor(emit: (event: AlignedEvent) => void, counters: UtteranceCounters) {
    this.#emit = emit;
    this.#counters = counters;
  }

  accept(event: WindowEvent): void {
    switch (event.kind) {
      case 'open':
        this.#windows.push({ ...event, endMs: Infinity, dirty: false, awaitsWords: false });
        if (this.#windows.length > MAX_WINDOWS) this.#windows.shift();
        this.#emit(event);
        return this.#settle();
      case 'close': {
        const window = this.#find(event.utteranceId);
        if (!window) return this.#emit({ ...event, awaitsWords: false });
        window.endMs = event.span.endMs;
        this.#release(event.utteranceId);
        this.#settle();
        window.awaitsWords = this.#awaitsWords(window);
        return this.#emit({ ...event, awaitsWords: window.awaitsWords });
      }
      case 'discard':
        this.#windows = this.#windows.filter((window) => window.utteranceId !== event.utteranceId);
        this.#release(event.utteranceId);
        this.#emit(event);
        return this.#settle();
      case 'segment':
        return this.#replace(event);
      case 'progress':
        this.#emit(event);
        return this.#advance(event.atMs);
      case 'modality':
        if (event.modality === 'text' && !event.available) this.#forgetWords();
        return this.#emit(event);
      default:
        return this.#emit(event);
    }
  }

  /** No utterance will open any more: every word that can be placed is. */
  finish(): void {
    this.#ended = true;
    this.#settle();
  }

  #replace(segment: TimedSegment): void {
    this.#remove(segment.segmentId);
    const words = segment.words.map((word) => ({ ...word, owner: undefined, dropped: false }));
    this.#segments.set(segment.segmentId, { segment, words });
    this.#wordCount += words.length;
    while (this.#segments.size > MAX_SEGMENTS || (this.#wordCount > MAX_WORDS && this.#segments.size > 1)) {
      this.#remove(this.#segments.keys().next().value!);
    }
    this.#settle();
  }

  #remove(segmentId: string): void {
    const entry = this.#segments.get(segmentId);
    if (!entry) return;
    this.#segments.delete(segmentId);
    this.#wordCount -= entry.words.length;
    for (const word of entry.words) this.#touch(word.owner);
  }

  #forgetWords(): void {
    this.#segments.clear();
    this.#wordCount = 0;
    this.#undecided = 0;
    // Words of before are not wanted any more, not even when text becomes available again.
    this.#windows = this.#windows.filter((window) => window.endMs === Infinity);
  }

  #advance(atMs: number): void {
    this.#progressMs = atMs;
    if (atMs - this.#expiredMs >= EXPIRY_INTERVAL_MS) this.#expire(atMs);
    if (this.#undecided > 0) this.#settle();
  }

  #expire(atMs: number): void {
    this.#expiredMs = atMs;
    const forgottenMs = atMs - KEEP_MS;
    this.#windows = this.#windows.filter((window) => window.endMs >= forgottenMs);
    for (const [id, { segment, words }] of this.#segments) {
      if (segment.endMs >= forgottenMs) continue;
      this.#segments.delete(id);
      this.#wordCount -= words.length;
    }
  }

  #touch(utteranceId: string | undefined): void {
    const window = utteranceId === undefined ? undefined : this.#find(utteranceId);
    if (window) window.dirty = true;
  }

  #find(utteranceId: string): AlignerWindow | undefined {
    return this.#windows.find((window) => window.utteranceId === utteranceId);
  }

  /** The words that an utterance had for the time being are to be placed anew. */
  #release(utteranceId: string): void {
    for (const { words } of this.#segments.values()) {
      for (const word of words) {
        if (word.owner !== utteranceId) continue;
        word.owner = undefined;
        this.#touch(utteranceId);
      }
    }
  }

  /** Places what can be placed and tells the utterances whose words have changed. */
  #settle(): void {
    const horizonMs = this.#horizonMs;
    this.#undecided = 0;
    for (const { segment, words } of this.#segments.values()) {
      for (const word of words) {
        if (word.owner !== undefined || word.dropped) continue;
        word.owner = placeWord(word, this.#windows, horizonMs);
        this.#touch(word.owner);
        if (word.owner !== undefined) continue;
        word.dropped = word.endMs < this.#progressMs - LOST_AFTER_MS;
        if (!word.dropped) this.#undecided += 1;
        else if (segment.final) this.#counters.wordsDropped += 1;
      }
    }
    for (const window of this.#windows) this.#tell(window);
  }

  #tell(window: AlignerWindow): void {
    const isWaiting = window.endMs !== Infinity && window.awaitsWords;
    if (!window.dirty && (!isWaiting || this.#awaitsWords(window))) return;
    window.dirty = false;
    window.awaitsWords = this.#awaitsWords(window);
    const { utteranceId } = window;
    const final = renderText(this.#sharesOf(utteranceId, true));
    const live = renderText(this.#sharesOf(utteranceId, false));
    this.#emit({ kind: 'text', utteranceId, final, live, awaitsWords: window.awaitsWords });
  }

  #sharesOf(utteranceId: string, finalOnly: boolean): SegmentShare[] {
    return [...this.#segments.values()]
      .filter(({ segment }) => segment.final || !finalOnly)
      .map(({ segment, words }) => ({ segment, words: words.filter((word) => word.owner === utteranceId).map(plain) }))
      .filter(({ words }) => words.length > 0);
  }

  #awaitsWords(window: AlignerWindow): boolean {
    let lastMs = -Infinity;
    for (const { segment, words } of this.#segments.values()) {
      for (const word of words) {
        if (word.owner === window.utteranceId) {
          if (!segment.final) return true;
          lastMs = Math.max(lastMs, word.endMs);
        } else if (word.owner === undefined && !word.dropped && isNear(word, window)) return true;
      }
    }
    return lastMs < window.endMs - END_TOLERANCE_MS;
  }

  get #horizonMs(): number {
    const last = this.#windows.at(-1);
    // While one is open, the next begins after words that are now in it.
    if (this.#ended || last?.endMs === Infinity) return Infinity;
    return Math.max(this.#progressMs - MAX_ONSET_DELAY_MS, last?.endMs ?? -Infinity);
  }
}

function plain({ text, startMs, endMs }: TimedWord): TimedWord {
  return { text, startMs, endMs };
}

function isNear(word: Span, window: Span): boolean {
  return word.endMs > window.startMs - NEAR_MS && word.startMs < window.endMs + NEAR_MS;
}
