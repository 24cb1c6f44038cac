import type { Span } from '../../events/contract/v1/types.ts';
import type { TimedSegment } from './StageTypes.ts';

const MAX_SEGMENTS = 256;
/** How far the times of words may be from those of the sound and still count as reaching an utterance's edge. */
const START_TOLERANCE_MS = 500;
const END_TOLERANCE_MS = 250;
/** A segment that goes on for longer than this after the sound does has more to say. */
const OVERHANG_MS = 500;

/** The newest version of each recent segment of one participant. */
export class SegmentLog {
  readonly #segments = new Map<string, TimedSegment>();

  /** @returns false where the segment is an interim that comes after its own final, and is ignored */
  put(segment: TimedSegment): boolean {
    const known = this.#segments.get(segment.segmentId);
    if (known?.final && !segment.final) return false;
    this.#segments.delete(segment.segmentId);
    this.#segments.set(segment.segmentId, segment);
    if (this.#segments.size > MAX_SEGMENTS) this.#segments.delete(this.#segments.keys().next().value!);
    return true;
  }

  get(segmentId: string): TimedSegment | undefined {
    return this.#segments.get(segmentId);
  }

  /** Lets go of what ended before. */
  expire(beforeMs: number): void {
    for (const [id, segment] of this.#segments) if (segment.endMs < beforeMs) this.#segments.delete(id);
  }

  clear(): void {
    this.#segments.clear();
  }

  hasWordsIn(span: Span): boolean {
    return this.#wordSpans(() => true).some((word) => overlaps(word, span));
  }

  /** Whether final words reach from start to end, nothing is still interim there, and no sentence goes on beyond it. */
  covers(span: Span): boolean {
    const goesOn = [...this.#segments.values()].some(
      (segment) => overlaps(segment, span) && segment.endMs > span.endMs + OVERHANG_MS,
    );
    if (goesOn) return false;
    if (this.#wordSpans((segment) => !segment.final).some((word) => overlaps(word, span))) return false;
    const inside = this.#wordSpans((segment) => segment.final).filter((word) => overlaps(word, span));
    if (inside.length === 0) return false;
    const startMs = Math.min(...inside.map((word) => word.startMs));
    const endMs = Math.max(...inside.map((word) => word.endMs));
    return startMs <= span.startMs + START_TOLERANCE_MS && endMs >= span.endMs - END_TOLERANCE_MS;
  }

  /**
   * Where the words in the span end that begin at `fromMs` or later, not counting one that does not fit; undefined where
   * there is none.
   */
  endOfWordsIn(span: Span, fromMs: number): number | undefined {
    const begun = this.#wordSpans(() => true).filter((word) => word.startMs >= fromMs && overlaps(word, span));
    if (begun.length === 0) return undefined;
    const fitting = begun.filter((word) => word.endMs <= span.endMs);
    return fitting.length > 0 ? Math.max(...fitting.map((word) => word.endMs)) : span.endMs;
  }

  #wordSpans(chosen: (segment: TimedSegment) => boolean): Span[] {
    return [...this.#segments.values()].filter(chosen).flatMap((segment) => [...segment.words]);
  }
}

function overlaps(a: Span, b: Span): boolean {
  return Math.min(a.endMs, b.endMs) > Math.max(a.startMs, b.startMs);
}
