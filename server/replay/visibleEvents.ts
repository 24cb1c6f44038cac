import type { EventType } from '../../plugin/events/contract/v1/types.ts';
import { isVisible, type View } from '../gateway/emotion/View.ts';
import type { MeetingReader, StoredEvent } from '../store/index.ts';

export interface VisibleEventsQuery {
  view: View;
  /** First place, this one included. */
  from: number;
  /** Last place, this one not included. @default all */
  to?: number;
  types?: readonly EventType[];
  participantId?: string;
  limit: number;
}

const PAGE = 500;
/** Events looked at for one answer. */
const MAX_LOOKED_AT = 20_000;

/** Events that a view shows, in the order of emission; `next` is the place to go on from when there may be more. */
export async function visibleEvents(store: MeetingReader, meetingId: string, query: VisibleEventsQuery) {
  const { view, limit, ...rest } = query;
  const events: StoredEvent[] = [];
  let from = query.from;
  for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT;) {
    const page = await store.events(meetingId, { ...rest, from, limit: PAGE });
    lookedAt += page.length;
    for (const event of page) {
      if (events.length >= limit) return { events, next: event.ord };
      if (isVisible(event, view)) events.push(event);
      from = event.ord + 1;
    }
    if (page.length < PAGE) return { events };
  }
  return { events, next: from };
}
