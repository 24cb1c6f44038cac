import type { MeetingReport } from '../../../plugin/events/contract/v1/types.ts';
import { COVERAGE, length, TALK } from './figures.ts';
import { LabelShares } from './LabelShares.tsx';
import { ReportTable } from './ReportTable.tsx';
import { sharesOfPerson, sharesOfRoom } from './sharesOf.ts';
import { WithheldNote } from './WithheldNote.tsx';

interface ReportProps {
  report: MeetingReport;
  colors: ReadonlyMap<string, number>;
  nameOf: (participantId: string) => string;
}

/** What the meeting comes to, as far as the token shows it. */
export function Report({ report, colors, nameOf }: ReportProps) {
  const { participants, speech, withheld } = report;
  const room = sharesOfRoom(report);
  return (
    <section class="meeting-report" aria-labelledby="meeting-report" data-testid="meeting-report">
      <h2 id="meeting-report">What it comes to</h2>
      <p class="quiet">
        Figures about cues, as a model reads them, and about who was heard when. They do not tell what anybody felt, nor
        how good anybody was at their work: do not compare people by them.
      </p>
      {speech && (
        <p>
          Somebody spoke for {length(speech.anyoneMs)}, two or more at once for {length(speech.overlapMs)}; nobody for{' '}
          {length(speech.silenceMs)}.
        </p>
      )}
      {room && (
        <div class="card meeting-person">
          <h3>Everybody together</h3>
          <LabelShares shares={room.shares} colors={colors} title="Means over everybody" />
        </div>
      )}
      {participants.length > 0 && (
        <>
          <p class="quiet">Of each person’s speech with a result, the part in which a label led:</p>
          <div class="meeting-people">
            {participants.map((one) => (
              <div key={one.participantId} class="card meeting-person">
                <h3>{nameOf(one.participantId)}</h3>
                {sharesOfPerson(one).map(({ hash, shares }) => (
                  <LabelShares
                    key={hash}
                    shares={shares}
                    colors={colors}
                    title={`What cues of ${nameOf(one.participantId)} suggest`}
                  />
                ))}
                {one.expressions.length === 0 && <p class="quiet">no results</p>}
              </div>
            ))}
          </div>
          <ReportTable title="Talk and turns" people={participants} figures={TALK} nameOf={nameOf} />
          <ReportTable title="What results rest on" people={participants} figures={COVERAGE} nameOf={nameOf} />
        </>
      )}
      <WithheldNote withheld={withheld} />
    </section>
  );
}
