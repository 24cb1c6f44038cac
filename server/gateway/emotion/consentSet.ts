import { ConsentSetRequest } from '../../../plugin/events/contract/v1/messages.ts';
import type { Undertone } from '../../../plugin/UndertoneTypes.ts';
import { request } from '../../sfu/Request.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import type { Room } from '../../sfu/Room.ts';
import { requireParticipant, requireScope, type EmotionContext } from './EmotionContext.ts';
import { consentStatus } from './status.ts';

/** Moves one's own consent. Saying yes needs the version of the notice that was shown; saying no needs nothing. */
export const consentSet = request(
  ConsentSetRequest,
  async (context: EmotionContext, { noticeVersion, ...modalities }) => {
    requireScope(context, 'self');
    const { room, undertone } = context;
    const participant = requireParticipant(context);
    const named = Object.entries(modalities).filter(([, allowed]) => allowed !== undefined);
    room.observer.consent.set(participant.id, Object.fromEntries(named), { by: 'participant', noticeVersion });
    if (Object.values(modalities).includes(true)) await requireRecorded(undertone, room, participant.id);
    return consentStatus(room, participant.id);
  },
);

/**
 * Who cannot be shown to have agreed is not analysed.
 * @throws RequestError `unavailable`, having withdrawn, when the audit trail does not reach the disk
 */
export async function requireRecorded({ audit }: Undertone, room: Room, participantId: string): Promise<void> {
  try {
    await audit.synced();
  } catch (error) {
    room.observer.consent.withdraw(participantId, { by: 'host' });
    throw new RequestError('unavailable', `consent cannot be recorded just now: ${(error as Error).message}`);
  }
}
