import { z } from 'zod';
import { request } from '../../sfu/Request.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { requireScope, type EmotionContext } from './EmotionContext.ts';

const timeMs = z.number().nonnegative();

/** Words of one's own, from the browser's speech recognition or typed as captions. */
export const transcriptPush = request(
  z.strictObject({
    segmentId: z.string().min(1).max(200),
    text: z.string().max(2_000),
    final: z.boolean(),
    startMs: timeMs.optional(),
    endMs: timeMs.optional(),
    clock: z.enum(['wall', 'room']).optional(),
    words: z
      .array(z.strictObject({ text: z.string().max(200), startMs: timeMs, endMs: timeMs }))
      .max(500)
      .optional(),
    lang: z.string().max(35).optional(),
  }),
  (context: EmotionContext, segment) => {
    requireScope(context, 'transcript:write');
    const { room, participant } = context;
    if (!room.observer.consent.get(participant.id).text) {
      throw new RequestError('no-consent', 'you have not allowed your words to be analysed; nothing was kept', 'text');
    }
    room.observer.pushTranscript({ ...segment, participantId: participant.id });
    return {};
  },
);
