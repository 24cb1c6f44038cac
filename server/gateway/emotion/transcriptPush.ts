import { TranscriptPushRequest } from '../../../plugin/events/contract/v1/messages.ts';
import { request } from '../../sfu/Request.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { requireParticipant, requireScope, type EmotionContext } from './EmotionContext.ts';

/** Words of one's own, from the browser's speech recognition or typed as captions. */
export const transcriptPush = request(TranscriptPushRequest, (context: EmotionContext, segment) => {
  requireScope(context, 'transcript:write');
  const { room } = context;
  const participant = requireParticipant(context);
  if (!room.observer.consent.get(participant.id).text) {
    throw new RequestError('no-consent', 'you have not allowed your words to be analysed; nothing was kept', 'text');
  }
  room.observer.pushTranscript({ ...segment, participantId: participant.id });
  return {};
});
