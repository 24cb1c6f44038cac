import type {
  Alert,
  AnalysisState,
  EmotionAggregate,
  EmotionFinal,
  EmotionInterim,
  PerModality,
  RoomLabels,
} from '../plugin/events/contract/v1/types.ts';
import type { ClientError } from './ClientError.ts';

/**
 * `connecting` at first, `live` while events come, `reconnecting` while they do not, `closed` for good.
 */
export type ConnectionStatus = 'connecting' | 'live' | 'reconnecting' | 'closed';

/** What is known of a participant now. */
export interface ParticipantState {
  readonly participantId: string;
  readonly displayName?: string;
  /** What they allow. */
  readonly consent: PerModality;
  /** What really flows into the analyzer: an indicator follows this. */
  readonly analysed: PerModality;
  /** Whether an utterance of theirs is open. */
  readonly speaking: boolean;
  /** The newest result. It goes when it is retracted; nothing older takes its place. */
  readonly reading?: EmotionInterim | EmotionFinal;
}

/** What is known of the room now. Never changed: what changes is replaced. */
export interface RoomState {
  readonly status: ConnectionStatus;
  /** Why the client is closed, or what it is trying to get over. */
  readonly problem?: ClientError;
  readonly analysis: AnalysisState;
  /** 0 all is done, up to 4; see the `overload` event. */
  readonly overload: number;
  readonly labelSet: RoomLabels;
  /** Those who are in the call. */
  readonly participants: Readonly<Record<string, ParticipantState>>;
  /** The newest means over the room, where the token shows them. They tell of no single person, so nothing takes them back. */
  readonly means?: EmotionAggregate;
  /** Alerts that were raised and have not ended, by `alertId`: the newest 100. */
  readonly alerts: Readonly<Record<string, Alert>>;
  /** Those who have left since the last subscription: what still comes about them does not bring them back. */
  readonly left: Readonly<Record<string, true>>;
}

export const NOTHING: PerModality = Object.freeze({ audio: false, video: false, text: false });

export const INITIAL_STATE: RoomState = {
  status: 'connecting',
  analysis: 'starting',
  overload: 0,
  labelSet: { labels: [] },
  participants: {},
  alerts: {},
  left: {},
};
