/** Meetings in a few words, as events of contract v1. */
import type {
  EmotionFinal,
  LabelSetRef,
  MeetingReport,
  UndertoneEvent,
} from '../../plugin/events/contract/v1/types.ts';
import { analyzeMeeting, EVERYBODY } from '../../plugin/analytics/index.ts';
import { goldenEvent } from '../events/golden.ts';

export const T0 = 1_790_000_000_000;
const final = goldenEvent('emotion.final') as unknown as EmotionFinal;
const retracted = goldenEvent('emotion.retracted') as unknown as UndertoneEvent;

export const MOODS: LabelSetRef = { id: 'moods', hash: '00000000000000aa', kind: 'single' };

export interface Utterance {
  who: string;
  /** Seconds into the meeting. */
  from: number;
  to: number;
  /** By its participant and start, unless it is given. */
  id?: string;
  /** p by name. @default { joy: 0.7, neutral: 0.3 } */
  labels?: Record<string, number>;
  fields?: Partial<EmotionFinal>;
  /** Whether there is a result. @default true */
  scored?: boolean;
}

let lastSeq = 0;
const envelope = (atMs: number) => {
  lastSeq += 1;
  return { v: 1, eventId: `e${lastSeq}`, roomId: 'standup', atMs, seq: lastSeq } as const;
};

export const idOf = ({ who, from, id }: Utterance) => id ?? `${who}-${from}`;

/** Start, end and result of an utterance. */
export function spoken(one: Utterance): UndertoneEvent[] {
  const { who, from, to, labels = { joy: 0.7, neutral: 0.3 }, fields = {}, scored = true } = one;
  const span = { startMs: T0 + from * 1_000, endMs: T0 + to * 1_000 };
  const about = { participantId: who, utteranceId: idOf(one) };
  const scores = Object.entries(labels)
    .map(([name, p]) => ({ name, p }))
    .sort((a, b) => b.p - a.p);
  const { transcript: _, ...rest } = final;
  return [
    { ...envelope(span.startMs), type: 'utterance.start', ...about, startMs: span.startMs, trigger: 'speech' },
    { ...envelope(span.endMs), type: 'utterance.end', ...about, span, trigger: 'silence' },
    ...(scored
      ? [
          {
            ...rest,
            ...envelope(span.endMs + 300),
            ...about,
            span,
            labels: scores,
            labelSet: MOODS,
            confidence: scores[0]!.p,
            sentiment: 0,
            ...fields,
          } as EmotionFinal,
        ]
      : []),
  ];
}

export const meetingOf = (utterances: readonly Utterance[]): UndertoneEvent[] => utterances.flatMap(spoken);

export function takenBack(who: string, utteranceIds: string[]): UndertoneEvent {
  return { ...retracted, ...envelope(T0), participantId: who, utteranceIds } as UndertoneEvent;
}

/** The report for who sees everybody. */
export function reportOn(events: Iterable<UndertoneEvent>): Promise<MeetingReport> {
  return analyzeMeeting(events, { view: EVERYBODY, over: true });
}

export function of(report: MeetingReport, participantId: string): MeetingReport['participants'][number] {
  const found = report.participants.find((one) => one.participantId === participantId);
  if (!found) throw new Error(`nobody called ${participantId} in the report`);
  return found;
}
