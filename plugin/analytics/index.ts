/** A meeting's analytics out of its events. */
import type { MeetingReport, UndertoneEvent } from '../events/contract/v1/types.ts';
import { MeetingAnalyzer, type AnalyzerOptions, type ReportOptions } from './MeetingAnalyzer.ts';

/**
 * What the events of a meeting come to: talk, turns, expressions, trends, moments of change, coverage; docs/analytics.md defines
 * each figure. The events are read once, in any order, and none is kept.
 *
 * @param events - of contract v1; `roomId` picks those of one room, otherwise all have to be of the same
 * @returns a report that satisfies `MeetingReportSchema` of `undertone/contract`; times in ms
 * @throws TypeError for events of several rooms where none was picked
 * @throws RangeError for a k below 5, a span that ends before it begins, or more than a million utterances
 * @example
 * const report = await analyzeMeeting(events, { view: ownView('ada'), over: true });
 * report.participants[0].expressions[0].labels; // [{ name: 'joy', share: 0.31, mean: 0.28, slope: null }, ...]
 */
export async function analyzeMeeting(
  events: Iterable<UndertoneEvent> | AsyncIterable<UndertoneEvent>,
  options: AnalyzerOptions & ReportOptions,
): Promise<MeetingReport> {
  const analyzer = new MeetingAnalyzer(options);
  for await (const event of events) analyzer.add(event);
  return analyzer.report(options);
}

export { MeetingAnalyzer, type AnalyzerOptions, type ReportOptions } from './MeetingAnalyzer.ts';
export { EVERYBODY, ownView, type ReportView } from './view.ts';
