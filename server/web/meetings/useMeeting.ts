import { useEffect, useState } from 'preact/hooks';
import type { MeetingDetail } from '../../../plugin/events/contract/v1/types.ts';
import { fetchMeeting } from '../api/http.ts';

/** A meeting as the token shows it; of none, nothing. */
export function useMeeting(meetingId: string | undefined, token: string | undefined) {
  const [detail, setDetail] = useState<MeetingDetail>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let current = true;
    setDetail(undefined);
    setProblem(undefined);
    if (meetingId === undefined) return undefined;
    fetchMeeting(meetingId, token).then(
      (found) => current && setDetail(found),
      (error: unknown) => current && setProblem((error as Error).message),
    );
    return () => void (current = false);
  }, [meetingId, token]);
  /** Somebody was erased: what is known of them goes. */
  const without = (erased: string) => {
    const others = <T extends { participantId: string }>(all: readonly T[]) =>
      all.filter(({ participantId }) => participantId !== erased);
    setDetail(
      (known) =>
        known && {
          ...known,
          participants: others(known.participants),
          presence: others(known.presence),
          lanes: others(known.lanes),
        },
    );
  };
  return { detail, problem, without };
}
