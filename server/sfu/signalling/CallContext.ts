import type { types as mediasoup } from 'mediasoup';
import type { Participant } from '../Participant.ts';
import { RequestError } from '../RequestError.ts';
import type { Room } from '../Room.ts';

/** Who asks, and how to tell them of what happens later. */
export interface CallContext {
  room: Room;
  participant: Participant;
  initialBitrate: number;
  /** Sends an event to this client alone. */
  tell(event: string, payload: object): void;
}

/** @throws RequestError unless the client has joined */
export function requireJoined({ room, participant }: CallContext): void {
  if (room.closed) throw new RequestError('room-closed', 'the call has ended');
  if (!participant.joined) throw new RequestError('not-joined', 'send `join` first');
}

/** @throws RequestError `not-found` for a transport that is not this client's own */
export function ownTransport(context: CallContext, transportId: string): mediasoup.WebRtcTransport {
  requireJoined(context);
  const transport = context.participant.transports.get(transportId);
  if (!transport) throw new RequestError('not-found', 'you have no such transport', 'transportId');
  return transport;
}
