import { useMemo } from 'preact/hooks';
import type { MeetingDetail, ParticipantReport } from '../../../plugin/events/contract/v1/types.ts';
import { follow } from '../router.ts';
import { formatMs } from '../timeline/view.ts';
import { Banner } from '../ui/Banner.tsx';
import { labelColors } from '../view/labelColors.ts';
import { length, share } from './figures.ts';
import { titleOf, whenText } from './meetingWords.ts';
import { PairedShares } from './PairedShares.tsx';
import { comparable, pairLabels, pairMeetings, pairPeople, type Pair } from './pairs.ts';
import { sharesOfPerson, sharesOfRoom } from './sharesOf.ts';
import { useReport } from './useReport.ts';
import { WithheldNote } from './WithheldNote.tsx';

interface ComparisonProps {
  details: readonly [MeetingDetail, MeetingDetail];
  token: string | undefined;
}

/** Two meetings beside each other, by what their reports say to this token. */
export function Comparison({ details, token }: ComparisonProps) {
  const [a, b] = details;
  const first = useReport(a, token);
  const second = useReport(b, token);
  const names = useMemo(
    () =>
      new Map(details.flatMap(({ participants }) => participants).map((one) => [one.participantId, one.displayName])),
    [a, b],
  );
  const colors = useMemo(
    () =>
      labelColors(
        details.flatMap(({ meeting, lanes }) => [...meeting.labels.labels, ...lanes.flatMap((lane) => lane.labels)]),
      ),
    [a, b],
  );
  const problem = first.problem ?? second.problem;
  const reports = first.report && second.report && ([first.report, second.report] as const);
  return (
    <section class="meeting-comparison" data-testid="comparison">
      <h1>Two meetings</h1>
      <p class="quiet">
        Shares of what expression cues suggest; not what anybody felt. Other people, another topic or another light make
        other figures: differences say nothing about why.
      </p>
      <div class="meeting-heads">
        {details.map(({ meeting }, index) => (
          <a
            key={meeting.meetingId}
            class="card meetings-item"
            href={`/meetings/${meeting.meetingId}`}
            onClick={follow}
          >
            <span class="tag">{index === 0 ? 'A' : 'B'}</span>
            <strong>{titleOf(meeting)}</strong>
            <span class="quiet">
              {whenText(meeting.startMs)} · {formatMs(meeting.durationMs, 0)}
            </span>
          </a>
        ))}
      </div>
      {problem !== undefined && <Banner tone="warning">{problem}</Banner>}
      {reports && (
        <>
          <Whole reports={reports} colors={colors} />
          <div class="meeting-people">
            {pairPeople(reports).map(({ participantId, reports: both }) => (
              <Person
                key={participantId}
                name={names.get(participantId) ?? participantId}
                reports={both}
                colors={colors}
              />
            ))}
          </div>
          {reports.map((report, index) => (
            <WithheldNote key={index} of={index === 0 ? 'A' : 'B'} withheld={report.withheld} />
          ))}
        </>
      )}
    </section>
  );
}

function Whole({ reports, colors }: Pick<ComparedProps, 'colors'> & { reports: Parameters<typeof pairMeetings>[0] }) {
  const rooms = [sharesOfRoom(reports[0]), sharesOfRoom(reports[1])] as const;
  return (
    <div class="card meeting-person">
      <h2>The meetings</h2>
      <div class="meeting-scroll">
        <table class="meetings-table">
          <thead>
            <tr>
              <td />
              <th scope="col">A</th>
              <th scope="col">B</th>
            </tr>
          </thead>
          <tbody>
            {pairMeetings(reports).map(({ name, values }) => (
              <tr key={name} data-testid="figure-pair">
                <th scope="row">{name}</th>
                <td class="number">{values[0]}</td>
                <td class="number">{values[1]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(rooms[0] ?? rooms[1]) && (
        <>
          <h3>Means over everybody</h3>
          <Labels sets={rooms} colors={colors} caption="Means over everybody" />
        </>
      )}
    </div>
  );
}

interface ComparedProps {
  colors: ReadonlyMap<string, number>;
}

function Person({ name, reports, colors }: ComparedProps & { name: string; reports: Pair<ParticipantReport> }) {
  const talk = (one: ParticipantReport | undefined) =>
    one ? `${length(one.talk.talkMs)} (${share(one.talk.shareOfMeeting)})` : '–';
  const sets = [reports[0] && sharesOfPerson(reports[0])[0], reports[1] && sharesOfPerson(reports[1])[0]] as const;
  return (
    <div class="card meeting-person" data-testid="person-pair">
      <h3>{name}</h3>
      <dl class="meeting-talk">
        <dt>talk time in A</dt>
        <dd class="number">{talk(reports[0])}</dd>
        <dt>in B</dt>
        <dd class="number">{talk(reports[1])}</dd>
      </dl>
      <Labels sets={sets} colors={colors} caption={`What cues of ${name} suggest`} />
    </div>
  );
}

function Labels({
  sets,
  colors,
  caption,
}: ComparedProps & { sets: Parameters<typeof pairLabels>[0]; caption: string }) {
  return (
    <>
      {!comparable(sets) && (
        <p class="quiet">The meetings were asked for different sets of labels: their shares cannot be compared.</p>
      )}
      <PairedShares labels={pairLabels(sets)} colors={colors} caption={caption} />
    </>
  );
}
