import { AccessRevokeRequest } from '../../../plugin/events/contract/v1/messages.ts';
import { request } from '../../sfu/Request.ts';
import { requireScope, type EmotionContext } from './EmotionContext.ts';

/** Takes back all tokens that a participant was given in this room, and ends the connections that they opened. */
export const accessRevoke = request(AccessRevokeRequest, async (context: EmotionContext, { participantId }) => {
  requireScope(context, 'admin');
  const { room, socket, log, revoke, undertone } = context;
  const { participantId: by } = socket.data.claims;
  const ended = await revoke({ roomId: room.id, participantId });
  const facts = { ended };
  undertone.audit.append({
    action: 'access.revoked',
    roomId: room.id,
    participantId,
    actorId: by,
    by: 'host',
    facts,
  });
  log.info({ roomId: room.id, participantId, by, ended }, 'access revoked');
  return { ended };
});
