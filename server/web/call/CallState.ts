/** Somebody in the call, as this page receives them. */
export interface Member {
  participantId: string;
  displayName: string;
  /** A synthetic speaker of the sample call. */
  sample: boolean;
  audio?: MediaStreamTrack;
  video?: MediaStreamTrack;
  audioPaused: boolean;
  videoPaused: boolean;
}

export interface CallState {
  status: 'connecting' | 'joined' | 'reconnecting' | 'ended';
  /** Why it ended: the server's word, or the code of a refusal. */
  reason?: string;
  /** The others, in the order in which they came. */
  members: readonly Member[];
}
