/**
 * Contract v1: every event that Undertone emits, as one zod source. The TypeScript types and the JSON Schemas beside
 * this file follow from it; the golden files are the specification that both are tested against.
 *
 * Compatibility: v1 only grows. A reader ignores fields, event types and labels that it does not know.
 */
import { z } from 'zod';

const id = z.string().min(1).max(200);
/** Milliseconds of wall time at the SFU, the one clock of all events. */
const wallMs = z.number().finite().nonnegative();
const durationMs = z.number().finite().nonnegative();
const probability = z.number().min(0).max(1);
const count = z.number().int().nonnegative();

export const Modality = z.enum(['audio', 'video', 'text']);

const envelope = {
  v: z.literal(1),
  /** Unique over all rooms and restarts. */
  eventId: id,
  roomId: id,
  /** When the event was made. */
  atMs: wallMs,
};

/** Durable events are numbered: a client that sees a jump has missed something and asks for it with `since`. */
const durable = { ...envelope, seq: z.number().int().positive() };

export const Span = z.object({ startMs: wallMs, endMs: wallMs });

export const LabelScore = z.object({ name: z.string().min(1).max(80), p: probability });

export const LabelSetRef = z.object({
  id,
  /** First 16 hex digits of the SHA-256 of the prompts: the same hash means the same question was asked. */
  hash: z.string().regex(/^[0-9a-f]{16}$/),
  kind: z.enum(['single', 'multi', 'ordinal', 'dimensional']),
});

/** Why a modality took no part, or took part with less than it should have. */
export const ModalityReason = z.enum([
  'no-consent',
  'no-track',
  'muted',
  'no-words',
  'late-words',
  /** What gives the words has failed, or says nothing although people speak. */
  'source-failed',
  'no-speech',
  'no-face',
  'poor-face',
  'lost-packets',
  'overload',
  'decoder-unavailable',
]);

export const Modalities = z.object({
  text: z.object({ used: z.boolean(), reason: ModalityReason.optional(), words: count }),
  audio: z.object({ used: z.boolean(), reason: ModalityReason.optional(), speechMs: durationMs }),
  video: z.object({
    used: z.boolean(),
    reason: ModalityReason.optional(),
    /** Face crops that the result rests on. */
    frames: count,
    /** Share of the sampled frames in which a usable face was found. */
    faceRatio: probability,
  }),
});

export const Word = z.object({ text: z.string().max(200), startMs: wallMs, endMs: wallMs });

export const Transcript = z.object({
  text: z.string().max(10_000),
  lang: z.string().max(35).optional(),
  words: z.array(Word).max(2_000).optional(),
});

/** What closed an utterance, or what asked for an interim result. */
export const Trigger = z.enum([
  'silence',
  'words',
  'max-length',
  'mute',
  'leave',
  'consent',
  'gap',
  'pause',
  'shutdown',
  'interval',
]);

const emotion = {
  participantId: id,
  utteranceId: id,
  /** 0 for the first result of an utterance; 1 and up when later words changed it. */
  revision: count,
  trigger: Trigger,
  span: Span,
  /** Sorted by p, highest first. A single-choice set sums to 1; a multi-label set does not. */
  labels: z.array(LabelScore).min(1).max(64),
  labelSet: LabelSetRef,
  /** Expected sentiment of the utterance, -3 (very negative) to 3 (very positive). */
  sentiment: z.number().min(-3).max(3),
  /**
   * In final results of models that have them, each on EmotionML's scale from 0 to 1, the middle being neither: valence
   * from unpleasant to pleasant, arousal from calm to excited, dominance from powerless to in control.
   */
  dimensions: z.object({ valence: probability, arousal: probability, dominance: probability }).partial().optional(),
  /** Calibrated probability of the leading label. */
  confidence: probability,
  /** Present when the result should not be acted upon. */
  abstained: z.enum(['low-confidence', 'no-modality']).optional(),
  modalities: Modalities,
  transcript: Transcript.optional(),
  model: z.object({ id, version: z.string().min(1), calibration: z.string().min(1) }),
  timing: z.object({
    /** Waiting for the fusion. */
    queuedMs: durationMs,
    /** Fusion alone; crops, sound and words were encoded as they came. */
    inferMs: durationMs,
    /** From the end of the span (for an interim: from the last sound in it) to the event. */
    endToEndMs: durationMs,
    /** Utterances in the same fusion batch. */
    batch: z.number().int().positive(),
  }),
};

/** Volatile: may be dropped on the way, carries no number of its own. */
export const EmotionInterim = z.object({ ...envelope, type: z.literal('emotion.interim'), ...emotion });

export const EmotionFinal = z.object({ ...durable, type: z.literal('emotion.final'), ...emotion });

/**
 * What a group's results have in common: means in which each person counts once. The group has more than k people, the same
 * ones stay together, and a new group holds as many whom no earlier one had (docs/architecture.md, "The room as a whole").
 */
export const EmotionAggregate = z.object({
  ...durable,
  type: z.literal('emotion.aggregate'),
  /** From the first to the last utterance that it rests on. */
  span: Span,
  people: z.number().int().min(5),
  utterances: count,
  /** Mean of each label's p, sorted, highest first; rounded to hundredths. */
  labels: z.array(LabelScore).min(1).max(64),
  labelSet: LabelSetRef,
  /** Mean, rounded to tenths. */
  sentiment: z.number().min(-3).max(3),
  /** Means, rounded to hundredths, of what all people in the group have. */
  dimensions: z.object({ valence: probability, arousal: probability, dominance: probability }).partial().optional(),
});

export const EmotionRetracted = z.object({
  ...durable,
  type: z.literal('emotion.retracted'),
  participantId: id,
  /** Everything already sent about these utterances is to be forgotten. */
  utteranceIds: z.array(id).max(10_000),
  reason: z.enum(['consent-withdrawn', 'erased']),
  modalities: z.array(Modality).min(1),
  /** Alerts that rest on them: to be forgotten as well, with whatever was said about their end. */
  alertIds: z.array(id).max(10_000).optional(),
});

/** What an alert asks for, so that whoever reads it needs no configuration. */
export const AlertRule = z.object({
  id: z.string().min(1).max(80),
  /** One participant's own results, or means over the room (`emotion.aggregate`). */
  about: z.enum(['self', 'aggregate']),
  measure: z.enum(['label', 'sentiment', 'valence', 'arousal', 'dominance']),
  /** Whose p is looked at, with the measure `label`. */
  label: z.string().min(1).max(80).optional(),
  /** The value has to reach this, or `below`, in all results that count. */
  above: z.number().min(-3).max(3).optional(),
  below: z.number().min(-3).max(3).optional(),
  /** Results in a row. */
  minResults: z.number().int().positive(),
  /** From the beginning of the first of them to the end of the last. */
  minMs: durationMs,
});

/**
 * Results in a row suggest something that a rule of whoever runs the server asks for, or do so no more. Results that should
 * not be acted upon (`abstained`) count for nothing.
 */
export const Alert = z.object({
  ...durable,
  type: z.literal('alert'),
  /** The same when it is raised and when it ends. */
  alertId: id,
  state: z.enum(['raised', 'ended']),
  /** Why it ended: results or their revision say so, none came for a while, or the participant left. */
  reason: z.enum(['eased', 'revised', 'silent', 'left']).optional(),
  rule: AlertRule,
  /** Whom it is about; absent for means over the room. */
  participantId: id.optional(),
  /** The newest of the utterances that raised it; absent for means over the room. */
  utteranceIds: z.array(id).min(1).max(100).optional(),
  /** Of the results that raised it. */
  span: Span,
  /** How many results raised it. */
  results: z.number().int().positive(),
  /** The newest value: p or dimension from 0 to 1, sentiment from -3 to 3. */
  value: z.number().min(-3).max(3),
  labelSet: LabelSetRef,
  /** For people. */
  message: z.string().min(1).max(500),
});

export const UtteranceStart = z.object({
  ...durable,
  type: z.literal('utterance.start'),
  participantId: id,
  utteranceId: id,
  startMs: wallMs,
  trigger: z.enum(['speech', 'words']),
});

export const UtteranceEnd = z.object({
  ...durable,
  type: z.literal('utterance.end'),
  participantId: id,
  utteranceId: id,
  span: Span,
  trigger: Trigger,
});

export const AnalysisState = z.enum(['starting', 'active', 'degraded', 'paused', 'stopped']);

export const AnalysisStateEvent = z.object({
  ...durable,
  type: z.literal('analysis.state'),
  state: AnalysisState,
  reason: z.string().max(200).optional(),
  /** How often the analyzer had to be started again. */
  restarts: count,
});

const perModality = z.object({ audio: z.boolean(), video: z.boolean(), text: z.boolean() });

export const ConsentChanged = z.object({
  ...durable,
  type: z.literal('consent.changed'),
  participantId: id,
  /** What the participant allows. */
  consent: perModality,
  /** What really flows into the analyzer now: an indicator follows this, not the wish. */
  analysed: perModality,
  cause: z.enum(['consent', 'tap']),
});

export const ParticipantJoined = z.object({
  ...durable,
  type: z.literal('participant.joined'),
  participantId: id,
  /** As the others see it; absent where the host app gives none. */
  displayName: z.string().min(1).max(200).optional(),
});

/** A result about what somebody said before they left may still follow. */
export const ParticipantLeft = z.object({ ...durable, type: z.literal('participant.left'), participantId: id });

export const Overload = z.object({
  ...durable,
  type: z.literal('overload'),
  /** 0 all is done, 1 no interim results, 2 fewer video frames, 3 no video, 4 oldest waiting windows dropped. */
  level: z.number().int().min(0).max(4),
  change: z.enum(['raised', 'eased']),
  /** Counted since the analyzer started. */
  dropped: z.object({ interims: count, frames: count, windows: count }),
});

export const ErrorEvent = z.object({
  ...durable,
  type: z.literal('error'),
  code: z.string().min(1).max(80),
  message: z.string().max(500),
  retryable: z.boolean(),
  participantId: id.optional(),
});

/** Events with a number of their own: all but interim results. */
export const DurableEvent = z.discriminatedUnion('type', [
  EmotionFinal,
  EmotionAggregate,
  EmotionRetracted,
  Alert,
  UtteranceStart,
  UtteranceEnd,
  AnalysisStateEvent,
  ConsentChanged,
  ParticipantJoined,
  ParticipantLeft,
  Overload,
  ErrorEvent,
]);

export const Event = z.discriminatedUnion('type', [EmotionInterim, ...DurableEvent.options]);
