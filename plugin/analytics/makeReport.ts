import type {
  EmotionAggregate,
  MeetingReport,
  ParticipantReport,
  ReportInterplay,
  ReportRoom,
  WithheldReason,
} from '../events/contract/v1/types.ts';
import { binsOf, type Bins } from './bins.ts';
import { agreementOf, confidenceOf, coverageOf } from './coverage.ts';
import { expressionsOf, scalesOf } from './expressions.ts';
import { interplayOf } from './interplay.ts';
import { lengthOf, together, united } from './intervals.ts';
import { momentsOf } from './moments.ts';
import { roomOfMeans, roomOfResults } from './room.ts';
import { hasResult, type Said, type Speech } from './said.ts';
import { inOrder, shareOf, sumOf } from './statistics.ts';
import { THRESHOLDS } from './thresholds.ts';
import { turnsOf } from './turns.ts';
import { groupProblem, roomProblem, type ReportView } from './view.ts';

export interface Material {
  /** Null where there are no events. */
  roomId: string | null;
  speech: Speech;
  /** Means that were made live, in the order of their numbers. */
  means: readonly EmotionAggregate[];
  takenBack: boolean;
  view: ReportView;
  k: number;
  over: boolean;
}

/** What a meeting comes to for one view. */
export function makeReport({ roomId, speech, means, takenBack, view, k, over }: Material): MeetingReport {
  const { span, said, open } = speech;
  const lengthMs = span ? lengthOf(span) : 0;
  const bins = binsOf(span);
  const bySpeaker = Map.groupBy(said, ({ participantId }) => participantId);
  const ids = [...new Set([...bySpeaker.keys(), ...open.keys()])].sort(inOrder);
  const problem = groupProblem(view, { people: bySpeaker.size, k, over, takenBack });
  const all = interplay(said, bySpeaker, lengthMs);
  const participants = ids
    .filter((id) => view.all || view.subjects.has(id))
    .map((id) => {
      const theirs = bySpeaker.get(id) ?? [];
      const own = participant(id, theirs, open.get(id) ?? 0, { lengthMs, bins });
      return { ...own, interplay: problem ? null : (all.of.get(id) ?? NO_INTERPLAY) };
    });
  const room = roomFor(view, bySpeaker, means, k, problem);
  const withheld: MeetingReport['withheld'] = [];
  const speechProblem = view.all || view.aggregate || view.subjects.size > 0 ? problem : 'not-allowed';
  if (speechProblem) withheld.push({ what: 'speech', reason: speechProblem });
  if (problem && participants.length > 0) withheld.push({ what: 'interplay', reason: problem });
  if ('reason' in room) withheld.push({ what: 'room', reason: room.reason });
  return {
    v: 1,
    roomId,
    span: span ? { startMs: span.startMs, endMs: span.endMs } : null,
    lengthMs,
    binMs: bins.binMs,
    view: view.all ? 'everybody' : view.subjects.size > 0 ? 'some' : 'room',
    speech: speechProblem ? null : all.speech,
    participants,
    room: 'reason' in room ? null : room,
    withheld,
    method: { ...THRESHOLDS, k },
  };
}

function participant(
  participantId: string,
  said: readonly Said[],
  open: number,
  { lengthMs, bins }: { lengthMs: number; bins: Bins },
): Omit<ParticipantReport, 'interplay'> {
  const results = said.filter(hasResult);
  const talkMs = sumOf(united(said), lengthOf);
  return {
    participantId,
    talk: {
      talkMs: Math.min(talkMs, lengthMs),
      shareOfMeeting: shareOf(talkMs, lengthMs),
      utterances: said.length,
      longestMs: said.reduce((longest, one) => Math.max(longest, lengthOf(one)), 0),
    },
    expressions: expressionsOf(results, bins),
    scales: scalesOf(results, bins),
    moments: momentsOf(results),
    coverage: coverageOf(said, open),
    confidence: confidenceOf(results),
    agreement: agreementOf(results),
  };
}

/** Of somebody who said nothing that ended. */
const NO_INTERPLAY: ReportInterplay = {
  turns: 0,
  medianTurnMs: null,
  longestTurnMs: null,
  backChannels: 0,
  overlapMs: 0,
  responses: 0,
  medianResponseMs: null,
  interruptionsMade: 0,
  interruptionsReceived: 0,
};

/** What people's speech is to each other's. */
function interplay(said: readonly Said[], bySpeaker: ReadonlyMap<string, Said[]>, lengthMs: number) {
  const counts = interplayOf(turnsOf(said));
  const ids = [...bySpeaker.keys()];
  const times = together([...bySpeaker.values()].map(united));
  const of = new Map(
    ids.map((id, index): [string, ReportInterplay] => [
      id,
      { ...NO_INTERPLAY, ...counts.get(id), overlapMs: times.overlapOfMs[index]! },
    ]),
  );
  const speech = {
    people: ids.length,
    anyoneMs: times.anyMs,
    overlapMs: times.overlapMs,
    silenceMs: Math.max(0, lengthMs - times.anyMs),
    interruptions: sumOf(of.values(), ({ interruptionsMade }) => interruptionsMade),
  };
  return { of, speech };
}

function roomFor(
  view: ReportView,
  bySpeaker: ReadonlyMap<string, readonly Said[]>,
  means: readonly EmotionAggregate[],
  k: number,
  problem: WithheldReason | undefined,
): ReportRoom | { reason: WithheldReason } {
  const reason = roomProblem(view);
  if (reason) return { reason };
  // What was told live has been told; nothing new is made beside it.
  const told = view.all ? undefined : roomOfMeans(means);
  if (told) return told;
  if (problem) return { reason: problem };
  const people = [...bySpeaker.values()].map((theirs) => theirs.filter(hasResult));
  return roomOfResults(people, k) ?? { reason: 'too-few-people' };
}
