import { wireNameOf } from '../../../plugin/events/contract/v1/event-types.ts';
import type { EventType, UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import type { Claims } from '../access/claims.ts';
import { participantOf } from '../access/scopes.ts';
import { aggregateOf, connections, everybody, followersOf, member, roomState } from '../rooms.ts';

/** What of a room's events somebody sees; what concerns the room as a whole belongs to every view. */
export interface View {
  /** Everybody's. */
  all: boolean;
  /** Those of these participants. */
  subjects: ReadonlySet<string>;
  /** Means over the room. */
  aggregate: boolean;
}

/** The most that a token allows. */
export function viewOf({ scope, participantId }: Claims): View {
  const all = scope.includes('room:all');
  const own = scope.includes('self') ? [participantId] : [];
  return {
    all,
    subjects: new Set([...own, ...scope.flatMap((one) => participantOf(one) ?? [])]),
    aggregate: all || scope.includes('room:aggregate'),
  };
}

export function mayFollow({ all, subjects }: View, participantId: string): boolean {
  return all || subjects.has(participantId);
}

/** What of an event tells who may see it; one that was kept has it too. */
export interface Addressed {
  type: EventType;
  participantId?: string;
}

/** Whom an event is about; undefined for the room as a whole. */
export function subjectOf({ participantId }: Addressed): string | undefined {
  return participantId;
}

/** Whether an event holds means over the room, or says something about them. */
function isAboutMeans({ type, participantId }: Addressed): boolean {
  // An alert names whom it is about, unless that is the room.
  return type === 'emotion.aggregate' || (type === 'alert' && participantId === undefined);
}

/** The Socket.IO rooms that an event goes to. */
export function audienceOf(event: UndertoneEvent): string[] {
  const { roomId } = event;
  if (isAboutMeans(event)) return [everybody(roomId), aggregateOf(roomId)];
  const subject = subjectOf(event);
  return [everybody(roomId), subject === undefined ? roomState(roomId) : followersOf(roomId, subject)];
}

/** The Socket.IO rooms of a view. */
export function roomsOf({ all, subjects, aggregate }: View, roomId: string): string[] {
  if (all) return [everybody(roomId)];
  const followed = [...subjects].map((subject) => followersOf(roomId, subject));
  return [roomState(roomId), ...followed, ...(aggregate ? [aggregateOf(roomId)] : [])];
}

export function isVisible(event: Addressed, { all, subjects, aggregate }: View): boolean {
  if (all) return true;
  if (isAboutMeans(event)) return aggregate;
  const subject = subjectOf(event);
  return subject === undefined || subjects.has(subject);
}

/** Whether somebody with these claims may be in a Socket.IO room of that name in `/emotion`. */
export function mayBeIn(claims: Claims, name: string): boolean {
  const { roomId, participantId } = claims;
  const view = viewOf(claims);
  const prefix = followersOf(roomId, '');
  switch (name) {
    case everybody(roomId):
      return view.all;
    case aggregateOf(roomId):
      return view.aggregate;
    case roomState(roomId):
    case connections(roomId):
    case member(roomId, participantId):
      return true;
    default:
      return name.startsWith(prefix) && mayFollow(view, name.slice(prefix.length));
  }
}

/** Name under which an event is sent: clients of Socket.IO take `error` for one of their own. */
export function wireName({ type }: UndertoneEvent): string {
  return wireNameOf(type);
}
