import { LabelsSetRequest } from '../../../plugin/events/contract/v1/messages.ts';
import { AnalyzerError } from '../../../plugin/index.ts';
import { request } from '../../sfu/Request.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { requireScope, type EmotionContext } from './EmotionContext.ts';

/** Asks the room another question, from the next utterance on. */
export const labelsSet = request(LabelsSetRequest, async (context: EmotionContext, { labels, kind }) => {
  requireScope(context, 'room:all', 'admin');
  const { room, socket, log } = context;
  const { participantId } = socket.data.claims;
  const chosen = await room.observer.setLabels({ labels, kind }).catch((error: unknown) => {
    // Whatever the analyzer has against them, it is the labels.
    if (!(error instanceof AnalyzerError) || error.retryable) throw error;
    throw new RequestError('invalid', error.message, error.field ?? 'labels');
  });
  room.labels = { id: chosen.id, labels: chosen.labels };
  log.info({ roomId: room.id, participantId, labelSet: chosen.id }, 'labels changed');
  return chosen;
});
