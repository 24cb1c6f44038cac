import type { Socket } from 'socket.io-client';
import type {
  EventOf,
  EventType,
  ReplayMessage,
  ReplayPosition,
  ReplyOf,
  UndertoneEvent,
} from '../../plugin/events/contract/v1/types.ts';
import type { ClientError } from '../ClientError.ts';
import type { LineOptions } from '../ClientOptions.ts';
import type { UnknownEvent } from '../readEvent.ts';

export interface ReplayOptions {
  /** Where to begin, milliseconds from the start of the meeting. @default 0 */
  from?: number;
  /** 0.25 to 32; 1 is as it was live. @default 1 */
  speed?: number;
  /** Waits for `resume()`. @default false */
  paused?: boolean;
}

export interface OpenReplayOptions extends Omit<LineOptions, 'token'>, ReplayOptions {
  meetingId: string;
  /** @default none, which shows what anybody may see: the sample meeting */
  token?: LineOptions['token'] | undefined;
  /** How long a request waits for its answer. @default 10000 */
  timeoutMs?: number;
}

/** The meeting, and those in it whose events the token shows. */
export type ReplayInfo = Pick<ReplyOf<'replay.open'>, 'meeting' | 'participants'>;

/** How an event came: never live. */
export interface ReplayDelivery {
  live: false;
  /** Place of the event in the order of emission. */
  ord: number;
}

/** Each event under its type and all of them as `event`, as in the live client, and what befalls the replay. */
export type ReplayEvents = { [T in EventType]: [event: EventOf<T>, delivery: ReplayDelivery] } & {
  event: [event: UndertoneEvent, delivery: ReplayDelivery];
  unknown: [event: UnknownEvent, delivery: ReplayDelivery];
  /** What stood at the place to which it has leapt; `room` has it already. */
  state: [state: ReplayMessage<'replay.state'>];
  position: [position: ReplayPosition];
  /** Everything that was given out about this participant is to be forgotten. */
  retracted: [participantId: string];
  problem: [problem: ClientError];
  /** It is over; with what ended it, unless that was `close()`. */
  closed: [problem: ClientError | undefined];
};

/** What a replay goes over. */
export interface ReplayLine {
  socket: Socket;
  timeoutMs: number;
  /** The replay is over. */
  released: () => void;
}
