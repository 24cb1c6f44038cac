import type { Request, Requests } from '../../sfu/Request.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { accessRevoke } from './accessRevoke.ts';
import { consentSet } from './consentSet.ts';
import type { EmotionContext } from './EmotionContext.ts';
import { labelsSet } from './labelsSet.ts';
import { REPLAY_REQUESTS, type ReplayContext } from './replay.ts';
import { subscribe, unsubscribe } from './subscribe.ts';
import { traceRead } from './traceRead.ts';
import { transcriptPush } from './transcriptPush.ts';

/** What concerns a call that goes on: answered by the server that has it. */
export const CALL_REQUESTS: Requests<EmotionContext> = {
  subscribe,
  unsubscribe,
  'consent.set': consentSet,
  'transcript.push': transcriptPush,
  'labels.set': labelsSet,
  'access.revoke': accessRevoke,
  'trace.read': traceRead,
};

/** Everything a client of `/emotion` may ask. */
export const EMOTION_REQUESTS: Requests<EmotionContext> = { ...CALL_REQUESTS, ...REPLAY_REQUESTS };

const closed: Request<ReplayContext> = {
  handle: () => {
    throw new RequestError('room-closed', 'this connection is for past meetings; connect to the call without `past`');
  },
};

/** What a client that has come for past meetings may ask. */
export const PAST_REQUESTS: Requests<ReplayContext> = {
  ...Object.fromEntries(Object.keys(CALL_REQUESTS).map((name) => [name, closed])),
  ...REPLAY_REQUESTS,
};
