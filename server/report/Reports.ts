import type { MeetingReport } from '../../plugin/index.ts';
import { ReportThread } from './ReportThread.ts';
import { storedReport } from './storedReport.ts';

type Asked = Parameters<typeof storedReport>;

/** Reports on meetings that are kept, beside calls: off the event loop, and one at a time, so that they take one core at most. */
export class Reports {
  readonly #thread = new ReportThread();
  #last: Promise<unknown> = Promise.resolve();

  /** @returns undefined where there is no such meeting */
  make(store: Asked[0], meetingId: Asked[1], options: Asked[2]): Promise<MeetingReport | undefined> {
    const report = this.#last.then(() => storedReport(store, meetingId, options, (about) => this.#thread.begin(about)));
    this.#last = report.catch(() => undefined);
    return report;
  }
}
