import type { Namespace } from 'socket.io';
import { authenticate, disconnectAtExpiry } from './authenticate.ts';
import { dropSlowClient } from './dropSlowClient.ts';
import { fanOut } from './emotion/fanOut.ts';
import { EMOTION_REQUESTS } from './emotion/index.ts';
import type { GatewayOptions } from './Gateway.ts';
import { connections, member } from './rooms.ts';
import { serve, type ClientSocket } from './serve.ts';

/** `/emotion`: who may see what is decided by the token's scopes. */
export function serveEmotion(namespace: Namespace, options: GatewayOptions): void {
  const { config, rooms, undertone, tokens, notice, log } = options;
  rooms.on('open', (room) => fanOut(namespace, room));
  namespace.use(authenticate(tokens, rooms, ['self', 'room:all']));
  namespace.on('connection', (socket: ClientSocket) => {
    const { roomId, participantId } = socket.data.claims;
    const room = rooms.get(roomId);
    const participant = room?.participant(participantId);
    if (!room || !participant) {
      socket.disconnect();
      return;
    }
    void socket.join([connections(roomId), member(roomId, participantId)]);
    room.hold(participant);
    socket.once('disconnect', () => room.release(participant));
    disconnectAtExpiry(socket);
    dropSlowClient(socket);
    serve(socket, {
      requests: EMOTION_REQUESTS,
      context: { socket, room, participant, undertone, notice, log },
      perSecond: config.limits.messagesPerSecond,
      log,
    });
  });
}
