import { randomUUID } from 'node:crypto';
import type { types as mediasoup } from 'mediasoup';

export type ParticipantRole =
  /** Sends and receives. */
  | 'speaker'
  /** Watches: sends nothing, is not listed. */
  | 'viewer'
  /** A synthetic speaker of the sample call. */
  | 'sample';

/** One member of a room and all that is theirs in the SFU. The display name is shown to others and never logged. */
export class Participant {
  readonly id: string;
  readonly displayName: string;
  readonly role: ParticipantRole;
  readonly transports = new Map<string, mediasoup.WebRtcTransport>();
  readonly producers = new Map<string, mediasoup.Producer>();
  readonly consumers = new Map<string, mediasoup.Consumer>();
  /** In the call now, not only registered for it. */
  joined = false;
  /** Connections that follow the room without being in the call. */
  holds = 0;

  constructor(displayName: string, role: ParticipantRole, id: string = randomUUID()) {
    this.displayName = displayName;
    this.role = role;
    this.id = id;
  }

  /** Listed to the others. */
  get visible(): boolean {
    return this.role === 'sample' || (this.joined && this.role === 'speaker');
  }

  /** Here in one way or another. */
  get present(): boolean {
    return this.joined || this.holds > 0;
  }

  /** Closes everything that is theirs; they may come again. */
  closeMedia(): void {
    // Closing a transport closes its producers and consumers, whose own listeners empty the maps.
    for (const transport of [...this.transports.values()]) transport.close();
    this.transports.clear();
    this.producers.clear();
    this.consumers.clear();
  }
}
