import { TraceReadRequest } from '../../../plugin/events/contract/v1/messages.ts';
import { request } from '../../sfu/Request.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { requireOpen, type EmotionContext } from './EmotionContext.ts';
import { mayFollow, viewOf } from './View.ts';

/**
 * What the windows have done with oneself, or with somebody whose events one sees anyway, since it was last read. It is
 * asked for, not sent: nothing is noted for a client that does not ask, and nothing is kept that could come late.
 */
export const traceRead = request(TraceReadRequest, (context: EmotionContext, { participantId }) => {
  requireOpen(context);
  const { room, socket, traces, differencing, undertone } = context;
  const { claims } = socket.data;
  const subject = participantId ?? claims.participantId;
  const allowed = viewOf(claims);
  if (!mayFollow(allowed, subject)) {
    throw new RequestError('forbidden', 'the token does not show this participant’s windows', 'participantId');
  }
  if (!room.participant(subject)) {
    throw new RequestError('not-found', 'there is no such participant in the room', 'participantId');
  }
  // It shows results, as following somebody does.
  const view = { all: false, subjects: new Set([subject]), aggregate: false };
  if (!allowed.all) differencing.check(claims.participantId, view);
  if (!traces.has(subject)) {
    undertone.audit.append({
      action: 'events.subscribed',
      roomId: room.id,
      participantId: claims.participantId,
      facts: { view: 'windows', of: [undertone.audit.pseudonym(subject)] },
    });
  }
  return { ...traces.read(subject) };
});
