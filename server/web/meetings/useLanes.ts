import { useEffect, useMemo, useState } from 'preact/hooks';
import type { MeetingDetail, Modality } from '../../../plugin/events/contract/v1/types.ts';
import { fetchMeeting } from '../api/http.ts';
import { lanesOf } from './lanesOf.ts';

/** The lanes of a meeting, made of only the results that rest on all of these modalities. */
export function useLanes(detail: MeetingDetail, modalities: readonly Modality[], token: string | undefined) {
  const [filtered, setFiltered] = useState<Pick<MeetingDetail, 'lanes'>>();
  const [problem, setProblem] = useState<string>();
  const { participants } = detail;
  const { meetingId } = detail.meeting;
  const wanted = modalities.join(',');
  useEffect(() => {
    let current = true;
    setProblem(undefined);
    if (wanted === '') return setFiltered(undefined);
    fetchMeeting(meetingId, token, modalities).then(
      (found) => current && setFiltered(found),
      (error: unknown) => current && setProblem((error as Error).message),
    );
    return () => void (current = false);
  }, [meetingId, token, wanted, participants]);
  const lanes = useMemo(() => {
    const known = new Set(participants.map(({ participantId }) => participantId));
    // What was asked for before somebody was erased may still have them.
    const told = (filtered ?? detail).lanes.filter(({ participantId }) => known.has(participantId));
    return lanesOf({ participants, lanes: told });
  }, [detail, filtered]);
  return { lanes, problem };
}
