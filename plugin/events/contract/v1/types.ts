/** The types of contract v1, derived from the schemas so that the two cannot disagree. */
import type { z } from 'zod';
import type * as schema from './schema.ts';

export type Modality = z.infer<typeof schema.Modality>;
export type ModalityReason = z.infer<typeof schema.ModalityReason>;
export type Modalities = z.infer<typeof schema.Modalities>;
export type Span = z.infer<typeof schema.Span>;
export type Trigger = z.infer<typeof schema.Trigger>;
export type LabelScore = z.infer<typeof schema.LabelScore>;
export type LabelSetRef = z.infer<typeof schema.LabelSetRef>;
export type Transcript = z.infer<typeof schema.Transcript>;
export type EmotionInterim = z.infer<typeof schema.EmotionInterim>;
export type EmotionFinal = z.infer<typeof schema.EmotionFinal>;
export type EmotionRetracted = z.infer<typeof schema.EmotionRetracted>;
export type UtteranceStart = z.infer<typeof schema.UtteranceStart>;
export type UtteranceEnd = z.infer<typeof schema.UtteranceEnd>;
export type AnalysisState = z.infer<typeof schema.AnalysisState>;
export type AnalysisStateEvent = z.infer<typeof schema.AnalysisStateEvent>;
export type ConsentChanged = z.infer<typeof schema.ConsentChanged>;
export type Overload = z.infer<typeof schema.Overload>;
export type ErrorEvent = z.infer<typeof schema.ErrorEvent>;

/** Any event of contract v1. */
export type UndertoneEvent = z.infer<typeof schema.Event>;
export type EventType = UndertoneEvent['type'];
/** The event that carries the given `type`. */
export type EventOf<T extends EventType> = Extract<UndertoneEvent, { type: T }>;
/** Events with a `seq`: all but interim results. */
export type DurableEvent = Exclude<UndertoneEvent, EmotionInterim>;

/** One flag per modality. */
export type PerModality = Record<Modality, boolean>;
