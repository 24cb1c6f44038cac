import type { AnalyzerOptions, MeetingReport, ReportOptions } from '../../plugin/index.ts';

/** What a thread is asked that makes reports, for one meeting after the other: to begin, to take in events (JSON), to report. */
export type ReportRequest = { begin: AnalyzerOptions } | { lines: readonly string[] } | { options: ReportOptions };

export type ReportReply = { done: true } | { report: MeetingReport } | { failure: string };
