import type { Namespace } from 'socket.io';
import type { UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import type { Room } from '../../sfu/Room.ts';
import { farewell } from '../endSession.ts';
import { connections } from '../rooms.ts';
import { audienceOf, wireName } from './View.ts';

/** Sends a room's events to those who may see them. Interim results are dropped for whoever cannot keep up. */
export function fanOut(namespace: Namespace, room: Room): void {
  const send = (event: UndertoneEvent) => {
    const audience = namespace.to(audienceOf(event));
    (event.type === 'emotion.interim' ? audience.volatile : audience).emit(wireName(event), event);
  };
  room.observer.on('event', send);
  room.once('close', () => {
    room.observer.off('event', send);
    const all = namespace.in(connections(room.id));
    all.emit('session.ended', farewell('room-closed'));
    all.disconnectSockets();
  });
}
