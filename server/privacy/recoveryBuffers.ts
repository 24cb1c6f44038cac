import type { Gateway } from '../gateway/Gateway.ts';
import type { Eraser } from './Eraser.ts';

/** What waits, for two minutes, for clients whose connection broke off. It is never shown: whoever it is for has it. */
export function recoveryBuffers(gateway: Gateway): Eraser {
  return {
    name: 'recovery buffers',
    erase: (participantId, roomId) => ({ packets: gateway.forget(participantId, roomId) }),
    participants: () => gateway.waitingParticipants(),
  };
}
