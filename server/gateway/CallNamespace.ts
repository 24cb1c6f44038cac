import type { Namespace } from 'socket.io';
import type { Participant } from '../sfu/Participant.ts';
import type { Room } from '../sfu/Room.ts';
import { CALL_REQUESTS } from '../sfu/signalling/index.ts';
import { authenticate, endAtExpiry, type AccessOptions } from './access/authenticate.ts';
import type { Claims } from './access/claims.ts';
import { endSession } from './endSession.ts';
import type { GatewayOptions } from './Gateway.ts';
import { resume } from './recovery.ts';
import { connections, member } from './rooms.ts';
import { serve, type ClientSocket } from './serve.ts';

/** A connection that breaks off comes back within this, or its participant has left. */
const RECONNECT_GRACE_MS = 3_000;

/** Socket.IO rooms of this namespace are those of the bearer's own call. */
function mayBeIn({ roomId, participantId }: Claims, name: string): boolean {
  return name === connections(roomId) || name === member(roomId, participantId);
}

/** The one connection that speaks for a participant. */
interface Seat {
  socket: ClientSocket;
  /** Runs while the connection is broken off. */
  grace?: NodeJS.Timeout;
}

/** `/call`: signalling for mediasoup-client, and who comes and goes. */
export class CallNamespace {
  readonly #namespace: Namespace;
  readonly #options: GatewayOptions;
  readonly #seats = new Map<Participant, Seat>();

  constructor(namespace: Namespace, options: GatewayOptions, access: AccessOptions) {
    this.#namespace = namespace;
    this.#options = options;
    options.rooms.on('open', (room) => this.#follow(room));
    namespace.use(authenticate(access, { takes: (scope) => scope === 'call', opens: true, past: false, mayBeIn }));
    namespace.on('connection', (socket: ClientSocket) => this.#connected(socket));
  }

  #connected(socket: ClientSocket): void {
    const { config, rooms, log } = this.#options;
    const { roomId, participantId } = socket.data.claims;
    const room = rooms.get(roomId);
    const participant = room?.participant(participantId);
    if (!room || !participant) {
      // Closed since the token was checked.
      endSession(socket, 'room-closed');
      return;
    }
    const before = this.#seats.get(participant);
    clearTimeout(before?.grace);
    // Taken over first: the end of the former connection is then nobody's leaving.
    this.#seats.set(participant, { socket });
    if (before?.socket.connected) {
      before.socket.emit('call.ended', { reason: 'replaced' });
      before.socket.disconnect();
    }
    void socket.join([connections(roomId), member(roomId, participantId)]);
    socket.once('disconnect', (reason) => this.#disconnected(room, participant, socket, reason));
    endAtExpiry(socket);
    resume(socket);
    const tell = (event: string, payload: object) =>
      void this.#namespace.to(member(roomId, participantId)).emit(event, payload);
    serve(socket, {
      requests: CALL_REQUESTS,
      context: { room, participant, initialBitrate: config.rtc.initialBitrate, tell },
      perSecond: config.limits.messagesPerSecond,
      log,
    });
  }

  #disconnected(room: Room, participant: Participant, socket: ClientSocket, reason: string): void {
    const seat = this.#seats.get(participant);
    if (seat?.socket !== socket) return;
    const leave = () => {
      this.#seats.delete(participant);
      room.leave(participant);
    };
    // Saying goodbye, or being sent away, is final; a broken line is not.
    if (reason.endsWith('namespace disconnect') || room.closed) leave();
    else seat.grace = setTimeout(leave, RECONNECT_GRACE_MS).unref();
  }

  #follow(room: Room): void {
    const others = ({ id }: Participant) => this.#namespace.to(connections(room.id)).except(member(room.id, id));
    room.on('join', (participant) => {
      const { id: participantId, displayName, role } = participant;
      others(participant).emit('participant.joined', { participantId, displayName, sample: role === 'sample' });
    });
    room.on('leave', (participant) => {
      others(participant).emit('participant.left', { participantId: participant.id });
    });
    room.on('producer', (participant, { id: producerId, kind }) => {
      others(participant).emit('producer.new', { participantId: participant.id, producerId, kind });
    });
    const forward = { producerclose: 'closed', producerpause: 'paused', producerresume: 'resumed' } as const;
    for (const [event, name] of Object.entries(forward) as [keyof typeof forward, string][]) {
      room.on(event, (participant, producerId) => {
        others(participant).emit(`producer.${name}`, { participantId: participant.id, producerId });
      });
    }
    room.once('close', (reason) => {
      const everyone = this.#namespace.in(connections(room.id));
      everyone.emit('call.ended', { reason });
      everyone.disconnectSockets();
    });
  }
}
