import { alertRule } from '../../plugin/alerts/index.ts';
import type { AlertRuleOptions } from '../../plugin/index.ts';
import type { EmotionAggregate, EmotionFinal } from '../../plugin/events/contract/v1/types.ts';
import { goldenEvent } from '../events/golden.ts';

const final = goldenEvent('emotion.final') as unknown as EmotionFinal;
const means = goldenEvent('emotion.aggregate') as unknown as EmotionAggregate;

export const STEP_MS = 10_000;
const SPOKEN_MS = 2_000;

/** A rule about joy of 0.7 or more, three times in a row. */
export const ruleOf = (fields: Partial<AlertRuleOptions> = {}) =>
  alertRule.parse({ id: 'joy', about: 'self', measure: 'label', label: 'joy', above: 0.7, ...fields });

const labelsOf = (joy: number) => [
  { name: 'joy', p: joy },
  { name: 'neutral', p: 1 - joy },
];

/** The result about the utterance of that place in time; made when it ended. */
export function said(at: number, joy: number, fields: Partial<EmotionFinal> = {}): EmotionFinal {
  const span = { startMs: at * STEP_MS, endMs: at * STEP_MS + SPOKEN_MS };
  return {
    ...final,
    participantId: 'ada',
    utteranceId: `u${at}`,
    labels: labelsOf(joy),
    sentiment: joy,
    span,
    atMs: span.endMs,
    ...fields,
  };
}

export function meansOf(at: number, joy: number): EmotionAggregate {
  const span = { startMs: at * STEP_MS, endMs: (at + 1) * STEP_MS };
  return { ...means, eventId: `means-${at}`, labels: labelsOf(joy), sentiment: joy, span, atMs: span.endMs };
}
