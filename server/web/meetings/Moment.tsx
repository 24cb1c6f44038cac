import { useEffect, useState } from 'preact/hooks';
import type { MeetingDetail, UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { fetchResults } from '../api/http.ts';
import { formatMs } from '../timeline/view.ts';
import { shortReading } from '../view/wording.ts';

/** Results this far around the time that is looked at are told. */
const AROUND_MS = 30_000;
/** Moving on quickly asks for nothing on the way. */
const REST_MS = 250;

/** What was said and read around a time. */
export function Moment({ detail, atMs, token }: { detail: MeetingDetail; atMs: number; token?: string }) {
  const [events, setEvents] = useState<UndertoneEvent[]>([]);
  const [problem, setProblem] = useState<string>();
  const { meetingId, startMs } = detail.meeting;
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      fetchResults(meetingId, atMs - AROUND_MS, atMs + AROUND_MS, token).then(
        ({ events: found }) => {
          if (!current) return;
          setEvents(found);
          setProblem(undefined);
        },
        (error: unknown) => current && setProblem((error as Error).message),
      );
    }, REST_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [meetingId, atMs, token]);
  const names = new Map(detail.participants.map((one) => [one.participantId, one.displayName]));
  return (
    <section class="card meeting-moment" aria-label="Around this time">
      <h2>
        Around <span data-testid="meeting-time">{formatMs(atMs, 0)}</span>
      </h2>
      {problem && <p>{problem}</p>}
      <ol>
        {events.map((event) =>
          event.type === 'emotion.final' ? (
            <li key={event.eventId} data-testid="moment-line">
              <span class="number">{formatMs(event.span.startMs - startMs, 0)}</span>{' '}
              <strong>{names.get(event.participantId) ?? event.participantId}</strong>: {event.transcript?.text}{' '}
              <span class="quiet">
                {event.abstained ? '' : 'cues suggest '}
                {shortReading(event)}
              </span>
            </li>
          ) : null,
        )}
      </ol>
    </section>
  );
}
