import { MeetingAnalyzer, type AnalyzerOptions, type MeetingReport, type ReportOptions } from '../../plugin/index.ts';
import { takeIn } from './takeIn.ts';

/** What makes the report on one meeting out of its events. */
export interface ReportMaker {
  /** @param lines - events as JSON */
  add(lines: readonly string[]): void | Promise<void>;
  report(options: ReportOptions): MeetingReport | Promise<MeetingReport>;
}

/** For a program that has nothing else to do. */
export function reportHere(options: AnalyzerOptions): ReportMaker {
  const analyzer = new MeetingAnalyzer(options);
  return {
    add: (lines) => takeIn(analyzer, lines),
    report: (wanted) => analyzer.report(wanted),
  };
}
