import type { MeetingReport, ParticipantReport } from '../../../plugin/events/contract/v1/types.ts';
import { length, share } from './figures.ts';
import type { SetShares } from './sharesOf.ts';

/** Something of two meetings: the first's, the second's. */
export type Pair<T> = readonly [T | undefined, T | undefined];

/** A label in two meetings. */
export interface LabelPair {
  name: string;
  shares: Pair<number>;
}

/** A figure in two meetings. */
export interface FigurePair {
  name: string;
  values: readonly [string, string];
}

/** Labels of two meetings by their names, where both were asked for the same set. */
export function pairLabels([a, b]: Pair<SetShares>): LabelPair[] {
  const of = (set: SetShares | undefined) => new Map(set?.shares.map(({ name, share: value }) => [name, value]));
  const [first, second] = [of(a), of(b)];
  const names = [...new Set([...first.keys(), ...second.keys()])];
  return names.map((name) => ({ name, shares: [first.get(name), second.get(name)] }));
}

/** Whether p of the two can be compared: p of different sets cannot. */
export function comparable([a, b]: Pair<SetShares>): boolean {
  return a === undefined || b === undefined || a.hash === b.hash;
}

/** Those who are in either report, in the order of their ids. */
export function pairPeople([a, b]: readonly [MeetingReport, MeetingReport]) {
  const of = ({ participants }: MeetingReport) => new Map(participants.map((one) => [one.participantId, one]));
  const [first, second] = [of(a), of(b)];
  const ids = [...new Set([...first.keys(), ...second.keys()])].sort();
  return ids.map((participantId) => ({
    participantId,
    reports: [first.get(participantId), second.get(participantId)] as Pair<ParticipantReport>,
  }));
}

/** What is told of two meetings as a whole. */
export function pairMeetings(reports: readonly [MeetingReport, MeetingReport]): FigurePair[] {
  const figures: [name: string, of: (report: MeetingReport) => string][] = [
    ['length', ({ lengthMs }) => length(lengthMs)],
    ['people who were heard', ({ speech }) => (speech ? String(speech.people) : '–')],
    ['somebody spoke', (report) => ofLength(report, report.speech?.anyoneMs)],
    ['two or more at once', (report) => ofLength(report, report.speech?.overlapMs)],
    ['nobody spoke', (report) => ofLength(report, report.speech?.silenceMs)],
  ];
  return figures.map(([name, of]) => ({ name, values: [of(reports[0]), of(reports[1])] }));
}

function ofLength({ lengthMs }: MeetingReport, ms: number | undefined): string {
  return ms === undefined ? '–' : `${length(ms)} (${share(lengthMs > 0 ? ms / lengthMs : 0)})`;
}
