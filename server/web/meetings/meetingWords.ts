import type { MeetingSummary } from '../../../plugin/events/contract/v1/types.ts';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function whenText(wallMs: number): string {
  return when.format(wallMs);
}

export function titleOf({ title, roomId }: Pick<MeetingSummary, 'title' | 'roomId'>): string {
  return title ?? roomId;
}

export function stateOf({ endMs, endReason }: MeetingSummary): string {
  if (endMs === undefined) return 'running';
  return endReason === 'crash' ? 'crashed' : 'ended';
}
