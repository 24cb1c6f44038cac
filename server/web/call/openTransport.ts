import type { Device, types } from 'mediasoup-client';
import type { Socket } from 'socket.io-client';
import { ask } from '../api/ask.ts';
import { RequestError } from '../api/RequestError.ts';
import type { Source } from './Source.ts';

export interface TransportLink {
  device: Device;
  socket: Socket;
  iceServers: RTCIceServer[];
  /** The connection could not be mended: everything must be set up anew. */
  onLost: () => void;
}

interface Created {
  id: string;
  iceParameters: types.IceParameters;
  iceCandidates: types.IceCandidate[];
  dtlsParameters: types.DtlsParameters;
}

const toError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

/** Opens a WebRTC transport on both sides and keeps it connected. */
export async function openTransport(link: TransportLink, direction: 'send' | 'recv'): Promise<types.Transport> {
  const { device, socket, iceServers, onLost } = link;
  const { id, iceParameters, iceCandidates, dtlsParameters } = await ask<Created>(socket, 'transport.create', {
    direction,
  });
  const options = { id, iceParameters, iceCandidates, dtlsParameters, iceServers };
  const transport = direction === 'send' ? device.createSendTransport(options) : device.createRecvTransport(options);
  transport.on('connect', (parameters, done, failed) => {
    ask(socket, 'transport.connect', { transportId: id, dtlsParameters: parameters.dtlsParameters }).then(
      done,
      (error) => failed(toError(error)),
    );
  });
  transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
    const source = appData['source'] as Source;
    ask<{ producerId: string }>(socket, 'produce', { transportId: id, kind, rtpParameters, source }).then(
      ({ producerId }) => done({ id: producerId }),
      (error) => failed(toError(error)),
    );
  });
  transport.on('connectionstatechange', (state) => {
    if (state === 'failed') restartIce(socket, transport).catch(onLost);
  });
  return transport;
}

/** @throws RequestError when the server no longer knows the transport */
export async function restartIce(socket: Socket, transport: types.Transport): Promise<void> {
  if (transport.closed) throw new RequestError('not-found', 'the transport is closed');
  const reply = await ask<{ iceParameters: types.IceParameters }>(socket, 'transport.restartIce', {
    transportId: transport.id,
  });
  await transport.restartIce({ iceParameters: reply.iceParameters });
}
