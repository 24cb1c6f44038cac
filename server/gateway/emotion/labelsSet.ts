import { z } from 'zod';
import { AnalyzerError } from '../../../plugin/index.ts';
import { request } from '../../sfu/Request.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { requireScope, type EmotionContext } from './EmotionContext.ts';

const name = z.string().trim().min(1).max(80);

/** Asks the room another question, from the next utterance on. */
export const labelsSet = request(
  z.strictObject({
    labels: z.union([name, z.array(name).min(2).max(64)], 'a name of a shipped set, or a list of 2 to 64 labels'),
    kind: z.enum(['single', 'multi']).optional(),
  }),
  async (context: EmotionContext, { labels, kind }) => {
    requireScope(context, 'room:all');
    const { room, participant, log } = context;
    const chosen = await room.observer.setLabels({ labels, kind }).catch((error: unknown) => {
      // Whatever the analyzer has against them, it is the labels.
      if (!(error instanceof AnalyzerError) || error.retryable) throw error;
      throw new RequestError('invalid', error.message, error.field ?? 'labels');
    });
    room.labels = { id: chosen.id, labels: chosen.labels };
    log.info({ roomId: room.id, participantId: participant.id, labelSet: chosen.id }, 'labels changed');
    return chosen;
  },
);
