import type { Modality } from '../../plugin/events/contract/v1/types.ts';
import type { Meeting, MeetingParticipant, Presence } from './StoreTypes.ts';

/** One stretch of a participant's lane. */
export interface LaneBucket {
  /** Which one, from the meeting's start. */
  i: number;
  /** Final results that begin in it. */
  n: number;
  speechMs: number;
  /** Means over the results, of the set `labels`, in its order; weighted by the length of the utterances. */
  p: number[];
  sentiment: number;
}

/** What a participant's results looked like over the meeting. Stretches without results are left out. */
export interface Lane {
  participantId: string;
  displayName?: string;
  bucketMs: number;
  labels: string[];
  utterances: number;
  abstained: number;
  speechMs: number;
  /** Means over all results that did not abstain, in the order of `labels`. */
  p: number[];
  sentiment: number;
  /** Share of the results that each modality took part in. */
  coverage: Record<Modality, number>;
  buckets: LaneBucket[];
}

export interface PageQuery {
  /** Lanes of only the results that rest on all of these. @default all results */
  modalities?: readonly Modality[];
}

/** What a page needs to show a meeting before anybody zooms in. */
export interface MeetingPage {
  meeting: Meeting;
  participants: MeetingParticipant[];
  presence: Presence[];
  lanes: Lane[];
}
