import type { types as mediasoup } from 'mediasoup';
import { z } from 'zod';
import { request } from '../Request.ts';
import { RequestError } from '../RequestError.ts';
import { ownTransport, requireJoined, type CallContext } from './CallContext.ts';
import { idSchema, rtpCapabilitiesSchema } from './rtpSchemas.ts';

function receivingTransport(context: CallContext, transportId: string | undefined): mediasoup.WebRtcTransport {
  if (transportId === undefined) {
    const transports = [...context.participant.transports.values()];
    const transport = transports.findLast(({ appData }) => appData['direction'] === 'recv');
    if (transport) return transport;
    throw new RequestError('conflict', 'create a transport with direction recv first', 'transportId');
  }
  const transport = ownTransport(context, transportId);
  if (transport.appData['direction'] === 'recv') return transport;
  throw new RequestError('invalid', 'this transport sends; use the one created with direction recv', 'transportId');
}

export const consumerRequests = {
  consume: request(
    z.strictObject({
      producerId: idSchema,
      rtpCapabilities: rtpCapabilitiesSchema,
      transportId: idSchema.optional(),
    }),
    async (context: CallContext, { producerId, rtpCapabilities: given, transportId }) => {
      requireJoined(context);
      const { room, participant } = context;
      const found = room.producer(producerId);
      if (!found) throw new RequestError('not-found', 'nobody in this room sends that', 'producerId');
      if (found.participant === participant) {
        throw new RequestError('invalid', 'this is your own; show it without the server', 'producerId');
      }
      if ([...participant.consumers.values()].some((consumer) => consumer.producerId === producerId)) {
        throw new RequestError('conflict', 'you receive it already', 'producerId');
      }
      const transport = receivingTransport(context, transportId);
      const rtpCapabilities = given as mediasoup.RtpCapabilities;
      if (!room.router.canConsume({ producerId, rtpCapabilities })) {
        throw new RequestError('invalid', 'none of these codecs fits what is sent', 'rtpCapabilities');
      }
      // Starts paused: the first key frame must find the browser ready.
      const consumer = await transport.consume({
        producerId,
        rtpCapabilities,
        paused: true,
        appData: { participantId: participant.id },
      });
      participant.consumers.set(consumer.id, consumer);
      consumer.observer.once('close', () => participant.consumers.delete(consumer.id));
      consumer.on('producerclose', () => context.tell('consumer.closed', { consumerId: consumer.id }));
      const { id: consumerId, kind, rtpParameters } = consumer;
      return { consumerId, producerId, kind, rtpParameters, producerPaused: consumer.producerPaused };
    },
  ),

  'consumer.resume': request(z.strictObject({ consumerId: idSchema }), async (context: CallContext, { consumerId }) => {
    requireJoined(context);
    const consumer = context.participant.consumers.get(consumerId);
    if (!consumer) throw new RequestError('not-found', 'you receive no such thing', 'consumerId');
    await consumer.resume();
    return {};
  }),
};
