import { z } from 'zod';
import { request } from '../../sfu/Request.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { requireScope, type EmotionContext } from './EmotionContext.ts';
import { consentStatus } from './status.ts';

/** Moves one's own consent. Saying yes needs the version of the notice that was shown; saying no needs nothing. */
export const consentSet = request(
  z.strictObject({
    audio: z.boolean().optional(),
    video: z.boolean().optional(),
    text: z.boolean().optional(),
    noticeVersion: z.string().max(64).optional(),
  }),
  (context: EmotionContext, { noticeVersion, ...modalities }) => {
    requireScope(context, 'self');
    const { room, participant, notice } = context;
    const grants = Object.values(modalities).includes(true);
    if (grants && noticeVersion !== notice.version) {
      const message = `noticeVersion: consent is to the notice ${notice.version}; show that one and ask again`;
      throw new RequestError('notice-outdated', message, 'noticeVersion');
    }
    const named = Object.entries(modalities).filter(([, allowed]) => allowed !== undefined);
    room.observer.consent.set(participant.id, Object.fromEntries(named), { by: 'participant', noticeVersion });
    return consentStatus(room, participant.id);
  },
);
