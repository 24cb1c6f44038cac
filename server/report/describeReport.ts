import type { MeetingReport, ParticipantReport, WithheldReason } from '../../plugin/index.ts';
import { clock, figure, percent, signed } from './figures.ts';

/** What no figure of a report says, for whoever reads one. */
export const NOT_MEANT = [
  'These figures are about cues in voice, face and words, as a model reads them. They do not tell what anybody felt, meant,',
  'or is like, nor how good anybody was at their work. Who spoke more, or broke in more, did not do better or worse: in',
  'many meetings that is somebody’s task. Do not compare people by them, and decide nothing about anybody by them.',
].join('\n');

const WITHHELD: Record<WithheldReason, string> = {
  'not-allowed': 'not part of this view',
  'too-few-people': 'too few people: it could be told who is who',
  'not-over': 'the meeting goes on',
  'taken-back': 'somebody took something back; it could be told from an earlier report',
  'others-seen': 'this view has results of single others, from whom it could be told',
};

/** Why something is not in a report, in words. */
export const whyWithheld = ({ what, reason }: MeetingReport['withheld'][number]): string =>
  `${{ speech: 'Speech of the meeting', interplay: 'Turns', room: 'Means over the room' }[what]}: left out (${WITHHELD[reason]})`;

/** A report as tables for a terminal. */
export function describeReport(report: MeetingReport): string {
  return [
    summary(report),
    ...report.participants.map((one) => `${one.participantId}\n${table(rowsOf(one, report))}`),
    ...report.withheld.map(whyWithheld),
    `What this does not mean\n${NOT_MEANT}`,
  ].join('\n\n');
}

function summary({ roomId, lengthMs, speech, room }: MeetingReport): string {
  const rows: Row[] = [['length', `${clock(lengthMs)}, from the first speech to the last or as it was given`]];
  if (speech) {
    rows.push(['people', `${speech.people} who were analysed; others do not appear anywhere`]);
    rows.push([
      'speech',
      `somebody spoke for ${clock(speech.anyoneMs)}, several at once for ${clock(speech.overlapMs)}`,
    ]);
  }
  if (room) {
    const labels = room.labels.map(({ name, p }) => `${name} ${percent(p)}`).join(', ');
    rows.push(['together', `${room.people} people, means: ${labels}; sentiment ${signed(room.sentiment)}`]);
  }
  return `Meeting ${roomId ?? 'without events'}\n${table(rows)}`;
}

/** A figure by its name, with its value in words. */
export type Row = [name: string, value: string];

/** A participant's figures in words. */
export function rowsOf(one: ParticipantReport, { span }: Pick<MeetingReport, 'span'>): Row[] {
  const { talk, interplay, expressions, scales, moments, coverage, confidence, agreement } = one;
  const startMs = span?.startMs ?? 0;
  return [
    ['spoke', `${clock(talk.talkMs)}, ${percent(talk.shareOfMeeting)} of the meeting; ${talk.utterances} utterances`],
    ...(interplay ? turnRows(interplay) : []),
    ...expressions.map((set): Row => [`cues suggest (${set.labelSet.id})`, sharesOf(set)]),
    ...scales.map((scale): Row => [scale.name, scaleOf(scale)]),
    ...moments.map((moment): Row => ['change', `${clock(moment.atMs - startMs)}  ${changeOf(moment)}`]),
    ['coverage', coverageOf(coverage)],
    ['rests on', modalitiesOf(coverage)],
    ...(confidence ? [['confidence', `${percent(confidence.mean)} on average of ${confidence.results}`] as Row] : []),
    ...(agreement.words ? [['late words', wordsOf(agreement.words)] as Row] : []),
  ];
}

function turnRows(interplay: NonNullable<ParticipantReport['interplay']>): Row[] {
  const { turns, medianTurnMs, backChannels, responses, medianResponseMs, overlapMs } = interplay;
  const { interruptionsMade, interruptionsReceived } = interplay;
  const median = medianTurnMs === null ? '' : `, half of them up to ${figure(medianTurnMs / 1000)} s`;
  const response =
    medianResponseMs === null ? '' : `, ${figure(medianResponseMs / 1000)} s after another’s (median of ${responses})`;
  return [
    ['turns', `${turns}${median}${response}; ${backChannels} back-channels`],
    [
      'at once',
      `${clock(overlapMs)} while others spoke; began while another spoke, who then stopped: ${interruptionsMade}; the other way round: ${interruptionsReceived}`,
    ],
  ];
}

function sharesOf({ labels, unclearShare, labelSet }: ParticipantReport['expressions'][number]): string {
  if (labelSet.kind === 'dimensional') return labels.map(({ name, mean }) => `${name} ${figure(mean)}`).join(', ');
  const shares = labels
    .filter(({ share }) => (share ?? 0) > 0)
    .map(({ name, share }) => `${name} ${percent(share ?? 0)}`);
  return [...shares, `not clear ${percent(unclearShare)}`].join(', ');
}

function scaleOf({ name, mean, results, slope }: ParticipantReport['scales'][number]): string {
  const range = name === 'sentiment' ? 'of −3 to 3' : 'of 0 to 1';
  const trend = slope?.clear
    ? `; moved by ${signed(slope.perHour)} an hour (${signed(slope.low)} to ${signed(slope.high)})`
    : '';
  return `${name === 'sentiment' ? signed(mean) : figure(mean)} ${range} on average of ${results}${trend}`;
}

/** A change of level, in words. */
export function changeOf({ of, changed }: ParticipantReport['moments'][number]): string {
  const level = of === 'sentiment' ? signed : percent;
  return changed
    .filter(({ before, after }, index) => index === 0 || level(before) !== level(after))
    .map(({ name, before, after }) => `${name} from ${level(before)} to ${level(after)}`)
    .join(', ');
}

function coverageOf({ clearShare, abstained, withoutResult, open }: ParticipantReport['coverage']): string {
  const reasons = abstained.map(({ reason, share }) => `, ${reason} ${percent(share)}`).join('');
  const goesOn = open > 0 ? `; ${open} utterances without an end` : '';
  return `${percent(clearShare)} of the speech has a clear result${reasons}, none ${percent(withoutResult.share)}${goesOn}`;
}

function modalitiesOf({ modalities }: ParticipantReport['coverage']): string {
  const names = { text: 'words', audio: 'voice', video: 'face' };
  return (['text', 'audio', 'video'] as const)
    .map((name) => {
      const { usedShare, reasons } = modalities[name];
      const why = reasons.map(({ reason, results }) => `${reason} ${results}`).join(', ');
      return `${names[name]} ${percent(usedShare)}${why ? ` (${why})` : ''}`;
    })
    .join(', ');
}

function wordsOf({ utterances, sameLeading, sentimentShift }: NonNullable<ParticipantReport['agreement']['words']>) {
  return `the same label led before and after them in ${percent(sameLeading)} of ${utterances}; sentiment moved by ${figure(sentimentShift)}`;
}

function table(rows: readonly Row[]): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}
