import type { GroupGateway } from '../gateway/cluster/GroupGateway.ts';
import type { Eraser } from './Eraser.ts';

/** What other servers of the group keep, and what lies in Redis between them. */
export function otherServers(group: GroupGateway): Eraser {
  return {
    name: 'other servers',
    erase: (participantId, roomId) => group.erase(participantId, roomId),
    export: (participantId, roomId) => group.export(participantId, roomId),
  };
}
