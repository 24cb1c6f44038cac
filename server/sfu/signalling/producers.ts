import type { types as mediasoup } from 'mediasoup';
import { z } from 'zod';
import { request } from '../Request.ts';
import { RequestError } from '../RequestError.ts';
import { ownTransport, requireJoined, type CallContext } from './CallContext.ts';
import { idSchema, kindSchema, rtpParametersSchema } from './rtpSchemas.ts';

const KIND_OF = { camera: 'video', microphone: 'audio' } as const;

function ownProducer(context: CallContext, producerId: string): mediasoup.Producer {
  requireJoined(context);
  const producer = context.participant.producers.get(producerId);
  if (!producer) throw new RequestError('not-found', 'you have no such producer', 'producerId');
  return producer;
}

const producerPayload = z.strictObject({ producerId: idSchema });

export const producerRequests = {
  produce: request(
    z.strictObject({
      transportId: idSchema,
      kind: kindSchema,
      rtpParameters: rtpParametersSchema,
      source: z.enum(['camera', 'microphone']),
    }),
    async (context: CallContext, { transportId, kind, rtpParameters, source }) => {
      const transport = ownTransport(context, transportId);
      const { room, participant } = context;
      if (participant.role !== 'speaker') throw new RequestError('forbidden', 'a viewer does not send media');
      if (transport.appData['direction'] !== 'send') {
        throw new RequestError(
          'invalid',
          'this transport receives; use the one created with direction send',
          'transportId',
        );
      }
      if (KIND_OF[source] !== kind) {
        throw new RequestError('invalid', `a ${source} gives ${KIND_OF[source]}, not ${kind}`, 'kind');
      }
      const hasOne = () => [...participant.producers.values()].some(({ appData }) => appData['source'] === source);
      const twice = () => new RequestError('conflict', `you send a ${source} already; close it first`, 'source');
      if (hasOne()) throw twice();
      const producer = await transport.produce({
        kind,
        rtpParameters: rtpParameters as mediasoup.RtpParameters,
        keyFrameRequestDelay: 1_000,
        appData: { participantId: participant.id, source },
      });
      if (hasOne() || !participant.joined) {
        producer.close();
        throw twice();
      }
      room.addProducer(participant, producer);
      return { producerId: producer.id };
    },
  ),

  'producer.pause': request(producerPayload, async (context: CallContext, { producerId }) => {
    await ownProducer(context, producerId).pause();
    return {};
  }),

  'producer.resume': request(producerPayload, async (context: CallContext, { producerId }) => {
    await ownProducer(context, producerId).resume();
    return {};
  }),

  'producer.close': request(producerPayload, (context: CallContext, { producerId }) => {
    ownProducer(context, producerId).close();
    return {};
  }),
};
