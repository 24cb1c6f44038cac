import type { GroupGateway } from '../gateway/cluster/GroupGateway.ts';
import type { Eraser } from './Eraser.ts';

/** What other servers of the group keep. Of an erasure in a store that they share each hears by itself. */
export function otherServers(group: GroupGateway): Eraser {
  return {
    name: 'other servers',
    erase: (participantId, roomId) => group.erase(participantId, roomId),
    export: (participantId, roomId) => group.export(participantId, roomId),
  };
}

/** What lies in Redis between the servers: for seconds, and never shown, as whoever it is for gets it anyway. */
export function betweenServers(group: GroupGateway): Eraser {
  return {
    name: 'redis',
    erase: (participantId, roomId) => group.eraseBetween(participantId, roomId),
    participants: () => group.participantsBetween(),
  };
}
