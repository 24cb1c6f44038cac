import type { MeetingReport, ReportOptions } from '../../plugin/index.ts';
import type { EventType } from '../../plugin/events/contract/v1/types.ts';
import type { Meeting, MeetingStore } from '../store/index.ts';
import { reportHere, type ReportMaker } from './ReportMaker.ts';

/** Events that are taken in at once. */
const PIECE = 250;

/** Interim results are most of what there is, and count nowhere. */
const COUNTS: ReadonlySet<EventType> = new Set([
  'utterance.start',
  'utterance.end',
  'emotion.final',
  'emotion.aggregate',
  'emotion.retracted',
]);

/**
 * The report on a meeting of a store. It is over when the store has its end, and lasts as long as the store says. What was
 * taken back or erased is not in the store any more; that something was, its numbers tell.
 *
 * @param begin - on which thread
 * @returns undefined where there is no such meeting
 */
export async function storedReport(
  store: Pick<MeetingStore, 'meeting' | 'readEvents'>,
  meetingId: string,
  options: Omit<ReportOptions, 'over' | 'span' | 'takenBack'>,
  begin: (about: { roomId: string }) => ReportMaker | Promise<ReportMaker> = reportHere,
): Promise<MeetingReport | undefined> {
  const meeting = await store.meeting(meetingId);
  if (!meeting) return undefined;
  const maker = await begin({ roomId: meeting.roomId });
  const numbers = new Numbers();
  let lines: string[] = [];
  for await (const { ord, seq, type, json } of store.readEvents(meetingId)) {
    numbers.take(ord, seq);
    if (COUNTS.has(type)) lines.push(json);
    if (lines.length < PIECE) continue;
    await maker.add(lines);
    lines = [];
  }
  await maker.add(lines);
  return maker.report({ ...options, ...lengthOf(meeting), takenBack: numbers.isMissing(meeting) });
}

function lengthOf({ startMs, endMs }: Meeting): Pick<ReportOptions, 'over' | 'span'> {
  const over = endMs !== undefined;
  return { over, ...(over && endMs >= startMs && { span: { startMs, endMs } }) };
}

/** Whether the numbers of a meeting's events have holes. What could not be kept leaves one as well: better once too often. */
class Numbers {
  #next = 0;
  #lastSeq = 0;
  #hole = false;

  take(ord: number, seq: number | undefined): void {
    if (ord !== this.#next) this.#hole = true;
    this.#next = ord + 1;
    this.#lastSeq = Math.max(this.#lastSeq, seq ?? 0);
  }

  isMissing({ lastSeq }: Meeting): boolean {
    return this.#hole || lastSeq > this.#lastSeq;
  }
}
