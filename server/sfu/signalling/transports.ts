import { z } from 'zod';
import { request } from '../Request.ts';
import { RequestError } from '../RequestError.ts';
import { ownTransport, requireJoined, type CallContext } from './CallContext.ts';
import { dtlsParametersSchema, idSchema } from './rtpSchemas.ts';

/** One to send and one to receive, and a spare of each while a client reconnects. */
const MAX_TRANSPORTS = 4;

export const transportRequests = {
  'transport.create': request(
    z.strictObject({ direction: z.enum(['send', 'recv']) }),
    async (context: CallContext, { direction }) => {
      requireJoined(context);
      const { room, participant } = context;
      if (participant.transports.size >= MAX_TRANSPORTS) {
        throw new RequestError('full', `at most ${MAX_TRANSPORTS} transports each; join again to start afresh`);
      }
      const transport = await room.router.createWebRtcTransport({
        webRtcServer: room.server,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        initialAvailableOutgoingBitrate: context.initialBitrate,
        appData: { direction, participantId: participant.id },
      });
      if (!participant.joined || participant.transports.size >= MAX_TRANSPORTS) {
        transport.close();
        throw new RequestError('conflict', 'you left or asked for too many transports at once');
      }
      participant.transports.set(transport.id, transport);
      transport.observer.once('close', () => participant.transports.delete(transport.id));
      transport.on('dtlsstatechange', (state) => {
        // The browser has hung up or failed: it must ask for a new one.
        if (state === 'closed' || state === 'failed') transport.close();
      });
      const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
      return { id, iceParameters, iceCandidates, dtlsParameters };
    },
  ),

  'transport.connect': request(
    z.strictObject({ transportId: idSchema, dtlsParameters: dtlsParametersSchema }),
    async (context: CallContext, { transportId, dtlsParameters }) => {
      const transport = ownTransport(context, transportId);
      if (transport.dtlsState !== 'new') {
        throw new RequestError('conflict', 'the transport is connected already', 'transportId');
      }
      await transport.connect({ dtlsParameters });
      return {};
    },
  ),

  'transport.restartIce': request(
    z.strictObject({ transportId: idSchema }),
    async (context: CallContext, { transportId }) => ({
      iceParameters: await ownTransport(context, transportId).restartIce(),
    }),
  ),
};
