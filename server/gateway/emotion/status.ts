import type { PerModality } from '../../../plugin/events/contract/v1/types.ts';
import type { Room } from '../../sfu/Room.ts';

/** What a participant allows, and what is really analysed. */
export interface ConsentStatus {
  consent: PerModality;
  analysed: PerModality;
}

export function consentStatus({ observer }: Room, participantId: string): ConsentStatus {
  const known = observer.participants().find((status) => status.participantId === participantId);
  return {
    consent: observer.consent.get(participantId),
    analysed: known?.analysed ?? { audio: false, video: false, text: false },
  };
}
