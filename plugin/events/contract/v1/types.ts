/** The types of contract v1, derived from the schemas so that the two cannot disagree. */
import type { z } from 'zod';
import type * as meetings from './meetings.ts';
import type * as messages from './messages.ts';
import type * as replay from './replay.ts';
import type * as report from './report.ts';
import type * as schema from './schema.ts';

/** @useDeclaredType */
export type Modality = z.infer<typeof schema.Modality>;
/** @useDeclaredType */
export type ModalityReason = z.infer<typeof schema.ModalityReason>;
/** @interface */
export type Modalities = z.infer<typeof schema.Modalities>;
/** @interface */
export type Span = z.infer<typeof schema.Span>;
/** @useDeclaredType */
export type Trigger = z.infer<typeof schema.Trigger>;
/** @interface */
export type LabelScore = z.infer<typeof schema.LabelScore>;
/** @interface */
export type LabelSetRef = z.infer<typeof schema.LabelSetRef>;
/** @interface */
export type Transcript = z.infer<typeof schema.Transcript>;
/** @interface */
export type EmotionInterim = z.infer<typeof schema.EmotionInterim>;
/** @interface */
export type EmotionFinal = z.infer<typeof schema.EmotionFinal>;
/** @interface */
export type EmotionAggregate = z.infer<typeof schema.EmotionAggregate>;
/** @interface */
export type EmotionRetracted = z.infer<typeof schema.EmotionRetracted>;
/** @useDeclaredType */
export type AlertRule = z.infer<typeof schema.AlertRule>;
/** @interface */
export type Alert = z.infer<typeof schema.Alert>;
/** @interface */
export type UtteranceStart = z.infer<typeof schema.UtteranceStart>;
/** @interface */
export type UtteranceEnd = z.infer<typeof schema.UtteranceEnd>;
/** @useDeclaredType */
export type AnalysisState = z.infer<typeof schema.AnalysisState>;
/** @interface */
export type AnalysisStateEvent = z.infer<typeof schema.AnalysisStateEvent>;
/** @interface */
export type ConsentChanged = z.infer<typeof schema.ConsentChanged>;
/** @interface */
export type ParticipantJoined = z.infer<typeof schema.ParticipantJoined>;
/** @interface */
export type ParticipantLeft = z.infer<typeof schema.ParticipantLeft>;
/** @interface */
export type Overload = z.infer<typeof schema.Overload>;
/** @interface */
export type ErrorEvent = z.infer<typeof schema.ErrorEvent>;

/**
 * Any event of contract v1.
 * @useDeclaredType
 */
export type UndertoneEvent = z.infer<typeof schema.Event>;
export type EventType = UndertoneEvent['type'];
/** The event that carries the given `type`. */
export type EventOf<T extends EventType> = Extract<UndertoneEvent, { type: T }>;
/** Events with a `seq`: all but interim results. */
export type DurableEvent = Exclude<UndertoneEvent, EmotionInterim>;

/** One flag per modality. */
export type PerModality = Record<Modality, boolean>;

/** Names of the requests of the namespace `/emotion`. */
export type RequestName = keyof typeof messages.REQUESTS;
/** What a request carries. */
export type RequestOf<N extends RequestName> = z.input<(typeof messages.REQUESTS)[N]['request']>;
/** How a request is answered when it is granted. */
export type ReplyOf<N extends RequestName> = z.infer<(typeof messages.REQUESTS)[N]['reply']>;
/**
 * How a request is answered when it is refused.
 * @interface
 */
export type Refusal = z.infer<typeof messages.Refusal>;
/** @interface */
export type RequestProblem = z.infer<typeof messages.RequestProblem>;
/** @interface */
export type ParticipantInfo = z.infer<typeof messages.ParticipantInfo>;
/** @interface */
export type RoomLabels = z.infer<typeof messages.RoomLabels>;

/**
 * What a meeting's events come to.
 * @interface
 */
export type MeetingReport = z.infer<typeof report.MeetingReport>;
/** @interface */
export type ParticipantReport = z.infer<typeof report.ParticipantReport>;
/** @interface */
export type ReportExpressions = z.infer<typeof report.ReportExpressions>;
/** @interface */
export type ReportScale = z.infer<typeof report.ReportScale>;
/** @interface */
export type ReportMoment = z.infer<typeof report.ReportMoment>;
/** @interface */
export type ReportCoverage = z.infer<typeof report.ReportCoverage>;
/** @interface */
export type ReportInterplay = z.infer<typeof report.ReportInterplay>;
/** @interface */
export type ReportSpeech = z.infer<typeof report.ReportSpeech>;
/** @interface */
export type ReportRoom = z.infer<typeof report.ReportRoom>;
/** @interface */
export type ReportSlope = z.infer<typeof report.Slope>;
/** @useDeclaredType */
export type WithheldReason = z.infer<typeof report.WithheldReason>;

/** @interface */
export type MeetingSummary = z.infer<typeof meetings.MeetingSummary>;
/** @interface */
export type MeetingParticipant = z.infer<typeof meetings.MeetingParticipant>;
/** @interface */
export type MeetingPresence = z.infer<typeof meetings.MeetingPresence>;
/** @interface */
export type MeetingLane = z.infer<typeof meetings.MeetingLane>;
/**
 * Answer of `GET /v1/meetings`.
 * @interface
 */
export type MeetingList = z.infer<typeof meetings.MeetingList>;
/**
 * Answer of `GET /v1/meetings/:meetingId`.
 * @interface
 */
export type MeetingDetail = z.infer<typeof meetings.MeetingDetail>;
/** Answer of `GET /v1/meetings/:meetingId/events`. */
export interface MeetingEvents {
  events: UndertoneEvent[];
  /** There may be more: ask again with this as `cursor`. */
  next?: number;
}

/**
 * What a replay does and where it is.
 * @interface
 */
export type ReplayPosition = z.infer<typeof replay.ReplayPosition>;
/** Names of the messages about replays. */
export type ReplayMessageName = keyof typeof replay.REPLAY_MESSAGES;
/** What such a message carries. */
export type ReplayMessage<N extends ReplayMessageName> = z.infer<(typeof replay.REPLAY_MESSAGES)[N]['payload']>;
