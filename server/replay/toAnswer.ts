import type { MeetingSummary } from '../../plugin/events/contract/v1/types.ts';
import type { Meeting } from '../store/index.ts';

/** From the start of a meeting to its end, or to its last event where that is later: results come a little after the call. */
export function durationOf({ startMs, endMs, lastMs }: Meeting): number {
  return Math.max(0, (endMs ?? lastMs) - startMs, lastMs - startMs);
}

/** What is told of a meeting to whoever may see something of it. */
export function summaryOf(meeting: Meeting): MeetingSummary {
  const { meetingId, roomId, source, title, startMs, endMs, endReason, storage, labels } = meeting;
  const { model, visibility, retentionDays, events, lost } = meeting;
  return {
    meetingId,
    roomId,
    source,
    ...(title !== undefined && { title }),
    startMs,
    ...(endMs !== undefined && { endMs }),
    ...(endReason !== undefined && { endReason }),
    durationMs: durationOf(meeting),
    storage,
    labels,
    ...(model && { model }),
    ...(visibility !== undefined && { visibility }),
    ...(retentionDays !== undefined && { retentionDays }),
    events,
    lost,
  };
}
