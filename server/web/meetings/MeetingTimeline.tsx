import { useEffect, useMemo, useState } from 'preact/hooks';
import type { MeetingDetail } from '../../../plugin/events/contract/v1/types.ts';
import { fetchResults } from '../api/http.ts';
import { formatMs } from '../timeline/view.ts';
import { labelColors } from '../view/labelColors.ts';
import { readAddress } from './address.ts';
import { Axis } from './Axis.tsx';
import { byPerson } from './byPerson.ts';
import { CompareWith } from './CompareWith.tsx';
import type { Filter } from './Filter.ts';
import { Filters } from './Filters.tsx';
import { LaneRow } from './LaneRow.tsx';
import { labelsOf, lanesOf, nameOf } from './lanesOf.ts';
import { LanesTable } from './LanesTable.tsx';
import { MeetingFacts } from './MeetingFacts.tsx';
import { MeetingOverview } from './MeetingOverview.tsx';
import { MomentMarks } from './MomentMarks.tsx';
import { Moments } from './Moments.tsx';
import { isOfLabels } from './momentWords.ts';
import { Place } from './Place.ts';
import { momentsOf, type PlacedMoment } from './PlacedMoment.ts';
import { PlayBar } from './PlayBar.tsx';
import { Player } from './Player.ts';
import { Report } from './Report.tsx';
import { Results } from './Results.ts';
import { TimeCursor } from './TimeCursor.tsx';
import { Transcript } from './Transcript.tsx';
import { useAddress } from './useAddress.ts';
import { useCloseUp } from './useCloseUp.ts';
import { useLanes } from './useLanes.ts';
import { useLightOnPaper } from './useLightOnPaper.ts';
import { useLook } from './useLook.ts';
import { usePeopleNow } from './usePeopleNow.ts';
import { useReport } from './useReport.ts';

interface MeetingTimelineProps {
  detail: MeetingDetail;
  token: string | undefined;
  /** Somebody was erased: the meeting is another than it was. */
  onErased: (participantId: string) => void;
}

/** A moment is shown with so much time around it, where more was in view. */
const AROUND_MS = 300_000;

/** Lanes of a meeting over a common time, ms from its start, what was then, and what it comes to. */
export function MeetingTimeline({ detail, token, onErased }: MeetingTimelineProps) {
  const { meeting } = detail;
  const { meetingId, startMs, durationMs } = meeting;
  const [linked] = useState(() => readAddress(location.search));
  const [place] = useState(() => new Place(durationMs, linked));
  const [results] = useState(
    () => new Results(startMs, durationMs, (from, to) => fetchResults(meetingId, from, to, token)),
  );
  const [player] = useState(() => new Player({ meetingId, token, place, results, onErased }));
  useEffect(() => () => player.close(), [player]);
  const [filter, setFilter] = useState<Filter>(linked.filter);
  const { lanes, problem } = useLanes(detail, filter.modalities, token);
  const labels = useMemo(() => labelsOf(lanesOf(detail)), [detail]);
  const colors = useMemo(() => labelColors(labels), [labels]);
  const look = useLook(colors);
  const ids = useMemo(() => lanesOf(detail).map(({ participantId }) => participantId), [detail]);
  const now = usePeopleNow(ids, place, results, player);
  const { report, problem: unreported } = useReport(detail, token);
  useAddress(place, filter, player);
  useCloseUp(place, results);
  useLightOnPaper();

  const names = useMemo(() => new Map(lanesOf(detail).map((one) => [one.participantId, nameOf(one)])), [detail]);
  const named = (participantId: string) => names.get(participantId) ?? participantId;
  const moments = useMemo(
    () => (report ? momentsOf(report, startMs).filter(({ moment }) => isOfLabels(filter, moment)) : []),
    [report, startMs, filter],
  );
  const momentsBy = useMemo(() => byPerson(moments), [moments]);
  const leap = ({ atMs }: PlacedMoment) => {
    const { fromMs, toMs } = place.view.value;
    if (toMs - fromMs > 2 * AROUND_MS) place.show({ fromMs: atMs - AROUND_MS, toMs: atMs + AROUND_MS });
    place.leap(atMs);
  };
  const sayAt = (atMs: number) => {
    const spoken = results
      .within({ fromMs: atMs, toMs: atMs })
      .map(({ participantId, lead, reading }) => `${named(participantId)}: ${lead ? 'cues suggest ' : ''}${reading}`);
    return [formatMs(atMs, 0), ...spoken].join('. ');
  };

  return (
    <>
      <MeetingFacts meeting={meeting} people={ids.length} />
      <PlayBar player={player} place={place} />
      <Filters labels={labels} colors={colors} filter={filter} onFilter={setFilter} />
      {problem !== undefined && <p role="alert">{problem}</p>}
      {lanes.length === 0 && <p>This token shows no single person of this meeting, only what it comes to.</p>}
      <div class="meeting-stage">
        <div class="meeting-main">
          <div class="meeting-lanes">
            <Axis place={place} look={look} />
            {lanes.map((lane) => (
              <LaneRow
                key={lane.participantId}
                lane={lane}
                place={place}
                results={results}
                filter={filter}
                look={look}
                colors={colors}
                now={now.get(lane.participantId)}
              >
                <MomentMarks moments={momentsBy.get(lane.participantId) ?? NONE} place={place} onLeap={leap} />
              </LaneRow>
            ))}
            <TimeCursor place={place} sayAt={sayAt} onToggle={() => player.toggle()} />
          </div>
          <MeetingOverview place={place} />
          <p class="quiet meeting-help">
            Drag or arrow keys move the cursor, Space plays, + and − or Ctrl and the wheel zoom, 0 shows the whole
            meeting. Labels are stacked, the line is the sentiment, the thin bars beneath are speech.
          </p>
        </div>
        <div class="meeting-side">
          <Transcript
            place={place}
            results={results}
            filter={filter}
            colors={colors}
            nameOf={named}
            withWords={meeting.storage === 'events+transcript'}
          />
          {report && <Moments moments={moments} nameOf={named} onLeap={leap} />}
        </div>
        <div class="meeting-figures">
          {report && <Report report={report} colors={colors} nameOf={named} />}
          {unreported !== undefined && <p role="status">There is no report: {unreported}</p>}
          {lanes.length > 0 && <LanesTable lanes={lanes} labels={labels} />}
        </div>
      </div>
      <CompareWith meetingId={meetingId} token={token} />
    </>
  );
}

const NONE: readonly PlacedMoment[] = [];
