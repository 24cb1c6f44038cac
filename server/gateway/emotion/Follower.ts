import type { Participant } from '../../sfu/Participant.ts';
import type { Room } from '../../sfu/Room.ts';
import type { Differencing } from './Differencing.ts';
import type { Asker, EmotionContext } from './EmotionContext.ts';
import { TraceReaders } from './TraceReaders.ts';

/** What the requests of all clients work with. */
export type Shared = Pick<EmotionContext, 'undertone' | 'notice' | 'revoke' | 'log'>;
/** With what a client plays past meetings, where that is to be had. */
type Given = Shared & Pick<EmotionContext, 'replays'>;

/** A client of `/emotion` and its room: as long as it is there, its participant is not forgotten. */
export class Follower {
  readonly context: EmotionContext;
  readonly #participant: Participant | undefined;
  #ended = false;

  constructor(socket: Asker, room: Room, differencing: Differencing, given: Given) {
    this.#participant = room.participant(socket.data.claims.participantId);
    const traces = new TraceReaders(room.observer);
    this.context = { ...given, socket, room, participant: this.#participant, differencing, traces };
    if (this.#participant) room.hold(this.#participant);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { traces, room } = this.context;
    traces.close();
    if (this.#participant) room.release(this.#participant);
  }
}
