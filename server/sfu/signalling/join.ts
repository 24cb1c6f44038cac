import { z } from 'zod';
import type { Participant } from '../Participant.ts';
import { request } from '../Request.ts';
import { RequestError } from '../RequestError.ts';
import { uprightVideo } from '../uprightVideo.ts';
import type { CallContext } from './CallContext.ts';

/** A participant as the others see them. */
export function describeParticipant({ id, displayName, role, producers }: Participant) {
  return {
    participantId: id,
    displayName,
    sample: role === 'sample',
    producers: [...producers.values()].map((producer) => ({ producerId: producer.id, kind: producer.kind })),
  };
}

export const joinRequests = {
  join: request(z.strictObject({}), ({ room, participant }: CallContext) => {
    if (room.closed) throw new RequestError('room-closed', 'the call has ended');
    room.join(participant);
    return {
      routerRtpCapabilities: uprightVideo(room.router.rtpCapabilities),
      participants: room.visible.filter(({ id }) => id !== participant.id).map(describeParticipant),
      // The server is reachable by itself (ICE lite): no STUN or TURN of a third party is asked.
      iceServers: [],
    };
  }),
};
