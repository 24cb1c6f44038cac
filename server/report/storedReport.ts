import { MeetingAnalyzer, type ReportOptions } from '../../plugin/index.ts';
import { EventSchema } from '../../plugin/events/index.ts';
import type { MeetingReport } from '../../plugin/index.ts';
import type { MeetingStore } from '../store/index.ts';

/**
 * The report on a meeting of a store. It is over when the store has its end, and lasts as long as the store says. What was
 * erased is not in the store any more: for a view of several people together, who calls says whether something was (`takenBack`).
 *
 * @returns undefined where there is no such meeting
 */
export async function storedReport(
  store: MeetingStore,
  meetingId: string,
  options: Omit<ReportOptions, 'over' | 'span'>,
): Promise<MeetingReport | undefined> {
  const meeting = await store.meeting(meetingId);
  if (!meeting) return undefined;
  const { roomId, startMs, endMs } = meeting;
  const analyzer = new MeetingAnalyzer({ roomId });
  for await (const { json } of store.readEvents(meetingId)) analyzer.add(EventSchema.parse(JSON.parse(json)));
  return analyzer.report({
    ...options,
    over: endMs !== undefined,
    ...(endMs !== undefined && endMs >= startMs && { span: { startMs, endMs } }),
  });
}
