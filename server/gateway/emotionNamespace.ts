import type { Namespace } from 'socket.io';
import type { Room } from '../sfu/Room.ts';
import { authenticate, endAtExpiry, type AccessOptions } from './access/authenticate.ts';
import { checkContract } from './access/checkContract.ts';
import type { GroupGateway } from './cluster/GroupGateway.ts';
import { dropSlowClient } from './dropSlowClient.ts';
import { Differencing } from './emotion/Differencing.ts';
import { fanOut } from './emotion/fanOut.ts';
import { connectReplays } from './emotion/connectReplays.ts';
import { Follower, type Shared } from './emotion/Follower.ts';
import { EMOTION_REQUESTS, PAST_REQUESTS } from './emotion/index.ts';
import { mayBeIn } from './emotion/View.ts';
import { endSession } from './endSession.ts';
import type { GatewayOptions } from './Gateway.ts';
import { resume } from './recovery.ts';
import { connections, member } from './rooms.ts';
import { serve, type ClientSocket } from './serve.ts';

/** `/emotion`: who may see what is decided by the token's scopes. */
export function serveEmotion(
  namespace: Namespace,
  { config, rooms, replays, log }: GatewayOptions,
  access: AccessOptions,
  shared: Shared,
  group: GroupGateway | undefined,
): void {
  const guards = new WeakMap<Room, Differencing>();
  const differencing = (room: Room) => guards.get(room)!;
  rooms.on('open', (room) => {
    guards.set(room, new Differencing());
    fanOut(namespace, room);
  });
  group?.open(namespace, { rooms, differencing, shared });
  const { messagesPerSecond: perSecond } = config.limits;
  namespace.use(
    authenticate(access, {
      takes: (scope) => scope !== 'call',
      opens: false,
      past: replays !== undefined,
      anonymous: replays?.views.forAnybody ?? false,
      checkVersion: checkContract,
      mayBeIn,
    }),
  );
  namespace.on('connection', (socket: ClientSocket) => {
    const { roomId, participantId } = socket.data.claims;
    const past = replays && connectReplays(replays, socket, config.trustProxy);
    socket.once('disconnect', () => past?.end());
    if (socket.data.past) {
      endAtExpiry(socket);
      resume(socket);
      dropSlowClient(socket);
      serve(socket, { requests: PAST_REQUESTS, context: { replays: past }, perSecond, log });
      return;
    }
    const room = rooms.get(roomId);
    const remote = room ? undefined : group?.remote;
    if (!room && !remote?.has(roomId)) {
      // Closed since the token was checked.
      endSession(socket, 'room-closed');
      return;
    }
    void socket.join([connections(roomId), member(roomId, participantId)]);
    const follower = room && new Follower(socket, room, differencing(room), { ...shared, replays: past });
    if (follower) socket.once('disconnect', () => follower.end());
    else remote?.follow(socket);
    endAtExpiry(socket);
    // What it missed is given in one go, and is not held against it.
    resume(socket);
    dropSlowClient(socket);
    if (follower) serve(socket, { requests: EMOTION_REQUESTS, context: follower.context, perSecond, log });
    else if (remote) serve(socket, { requests: remote.requests, context: { socket, replays: past }, perSecond, log });
  });
}
