/** The client of Undertone's events, for browsers and Node.js. */
export { connect } from './connect.ts';
export { EmotionClient, type Delivery, type EmotionClientEvents, type Subscription } from './EmotionClient.ts';
export type { ConnectOptions, EmotionClientOptions, SocketClientOptions, TokenSource } from './ClientOptions.ts';
export { ClientError, type ClientErrorCode } from './ClientError.ts';
export type { ConnectionStatus, ParticipantState, RoomState } from './RoomState.ts';
export type { EventStream } from './EventStream.ts';
export type { Gap } from './Sequencer.ts';
export { openReplay } from './replay/openReplay.ts';
export { Replay } from './replay/Replay.ts';
export type {
  OpenReplayOptions,
  ReplayDelivery,
  ReplayEvents,
  ReplayInfo,
  ReplayOptions,
} from './replay/ReplayTypes.ts';
export type { Readable } from './Store.ts';
export type { UnknownEvent } from './readEvent.ts';
export { CONTRACT_VERSION } from '../plugin/events/contract/v1/version.ts';
export type * from '../plugin/events/contract/v1/types.ts';
