import type { EmotionAggregate, MeetingReport, UndertoneEvent } from '../events/contract/v1/types.ts';
import { Book } from './Book.ts';
import type { Interval } from './intervals.ts';
import { makeReport } from './makeReport.ts';
import { speechIn } from './said.ts';
import type { ReportView } from './view.ts';

export interface AnalyzerOptions {
  /** The room whose events count, where there are those of several. @default all have to be of one */
  roomId?: string;
}

export interface ReportOptions {
  /** For whom the report is: what others may not see is left out of it. */
  view: ReportView;
  /** Nothing of several people together is told of fewer; 5 or more. @default 5 */
  k?: number;
  /** Whether the meeting is over. @default false, which keeps means and counts over several people from who may not see each */
  over?: boolean;
  /** Whether something was taken back of which the events tell nothing any more, as after an erasure. @default false */
  takenBack?: boolean;
  /** When the meeting began and ended, ms; what begins outside is left out. @default from the first speech to the last */
  span?: Interval;
}

/** The least k there is. */
const LEAST_K = 5;

/**
 * Analytics of a meeting out of its events, taken in one by one in any order. It keeps a few hundred bytes an utterance, no
 * words, and nothing of an utterance that was taken back.
 *
 * @example
 * const analyzer = new MeetingAnalyzer();
 * for await (const event of client) analyzer.add(event);
 * analyzer.report({ view: ownView('ada') });
 */
export class MeetingAnalyzer {
  readonly #book = new Book();
  readonly #means = new Map<number, EmotionAggregate>();
  readonly #picked: string | undefined;
  #roomId: string | undefined;

  constructor({ roomId }: AnalyzerOptions = {}) {
    this.#picked = roomId;
    this.#roomId = roomId;
  }

  /**
   * Takes in an event; interim results and what is not about speech pass by.
   *
   * @throws TypeError for an event of another room, unless one was picked: then it passes by as well
   * @throws RangeError for more than a million utterances
   */
  add(event: UndertoneEvent): void {
    this.#roomId ??= event.roomId;
    if (event.roomId !== this.#roomId) {
      if (this.#picked !== undefined) return;
      throw new TypeError(`roomId: there are events of ${this.#roomId} and of ${event.roomId}; say whose you mean`);
    }
    if (event.type === 'emotion.aggregate') this.#means.set(event.seq, event);
    else this.#book.add(event);
  }

  /**
   * What the events so far come to, for one view.
   *
   * @throws RangeError for a k below 5, or a span that ends before it begins
   */
  report({ view, k = LEAST_K, over = false, takenBack = false, span }: ReportOptions): MeetingReport {
    if (!Number.isInteger(k) || k < LEAST_K)
      throw new RangeError(`k: ${k} is not a whole number of ${LEAST_K} or more`);
    if (span && !(span.endMs >= span.startMs)) throw new RangeError('span: ends before it begins');
    return makeReport({
      roomId: this.#roomId ?? null,
      speech: speechIn(this.#book, span),
      means: [...this.#means.values()].sort((a, b) => a.seq - b.seq),
      takenBack: takenBack || this.#book.takenBack,
      view,
      k,
      over,
    });
  }
}
