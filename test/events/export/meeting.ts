import type { EmotionFinal, UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { goldenEvent } from '../golden.ts';

const final = goldenEvent('emotion.final') as unknown as EmotionFinal;
const T0 = 1_790_000_000_000;

function finalOf(seq: number, utteranceId: string, startMs: number, fields: Partial<EmotionFinal> = {}): EmotionFinal {
  return {
    ...final,
    eventId: `0b9a4a52-8a4a-4c26-a7a8-${String(seq).padStart(12, '0')}`,
    seq,
    utteranceId,
    atMs: T0 + startMs + 3_500,
    span: { startMs: T0 + startMs, endMs: T0 + startMs + 2_500 },
    ...fields,
  };
}

const OWN = { id: 'custom', hash: '00112233445566ff', kind: 'multi' } as const;

/**
 * A short meeting with all that a writer has to get right: a revision, results out of order, labels that change, an
 * interim result, a retraction of what was written long before, text that is hostile to every format.
 */
export const meeting: readonly UndertoneEvent[] = [
  { ...goldenEvent('analysis.state'), seq: 1, atMs: T0 } as unknown as UndertoneEvent,
  { ...goldenEvent('emotion.interim'), atMs: T0 + 900, utteranceId: 'a' } as unknown as UndertoneEvent,
  // Began after `a` and was done before it.
  finalOf(2, 'b', 1_000, {
    participantId: 'grace',
    dimensions: { valence: 0.74, arousal: 0.58, dominance: 0.61 },
    transcript: { text: '=HYPERLINK("x"), she said: <b>"no" --> & yes</b>\r\nreally', lang: 'en' },
  }),
  finalOf(3, 'a', 0, { transcript: undefined, abstained: 'low-confidence', confidence: 0.21 }),
  finalOf(4, 'secret', 5_000, { participantId: 'mary', transcript: { text: 'taken back' } }),
  // Late words changed it.
  finalOf(5, 'a', 0, { revision: 1, transcript: { text: 'Schön, \u0000 gut 🙂', lang: 'de' }, sentiment: -3 }),
  finalOf(6, 'c', 8_000, {
    participantId: 'zoë & co',
    labelSet: OWN,
    labels: [
      { name: 'not sure', p: 0.9 },
      { name: 'not_sure', p: 0.5 },
      { name: '困惑', p: 0.25 },
      { name: '🙂', p: 0.0000001 },
    ],
    modalities: { ...final.modalities, video: { used: false, reason: 'no-consent', frames: 0, faceRatio: 0 } },
    transcript: undefined,
  }),
  {
    ...goldenEvent('emotion.retracted'),
    seq: 7,
    atMs: T0 + 20_000,
    participantId: 'mary',
    utteranceIds: ['secret'],
  } as unknown as UndertoneEvent,
  { ...goldenEvent('error'), seq: 8, atMs: T0 + 21_000, participantId: undefined } as unknown as UndertoneEvent,
];
