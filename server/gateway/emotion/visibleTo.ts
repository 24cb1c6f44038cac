import type { UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { everybody, followersOf, roomState } from '../rooms.ts';

/** Whom an event is about; undefined for the room as a whole. */
export function subjectOf(event: UndertoneEvent): string | undefined {
  return 'participantId' in event ? event.participantId : undefined;
}

/** The Socket.IO rooms that an event goes to. */
export function audienceOf(event: UndertoneEvent): string[] {
  const subject = subjectOf(event);
  return [
    everybody(event.roomId),
    subject === undefined ? roomState(event.roomId) : followersOf(event.roomId, subject),
  ];
}

/** Whether somebody who sees `subjects` (all participants when undefined) sees this event. */
export function isVisible(event: UndertoneEvent, subjects: ReadonlySet<string> | undefined): boolean {
  const subject = subjectOf(event);
  return subjects === undefined || subject === undefined || subjects.has(subject);
}

/** Name under which an event is sent: clients of Socket.IO take `error` for one of their own. */
export function wireName({ type }: UndertoneEvent): string {
  return type === 'error' ? 'undertone.error' : type;
}
