import type { Requests } from '../../sfu/Request.ts';
import { consentSet } from './consentSet.ts';
import type { EmotionContext } from './EmotionContext.ts';
import { labelsSet } from './labelsSet.ts';
import { subscribe, unsubscribe } from './subscribe.ts';
import { transcriptPush } from './transcriptPush.ts';

/** Everything a client of `/emotion` may ask. */
export const EMOTION_REQUESTS: Requests<EmotionContext> = {
  subscribe,
  unsubscribe,
  'consent.set': consentSet,
  'transcript.push': transcriptPush,
  'labels.set': labelsSet,
};
