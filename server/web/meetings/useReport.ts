import { useEffect, useState } from 'preact/hooks';
import type { MeetingDetail, MeetingReport } from '../../../plugin/events/contract/v1/types.ts';
import { fetchReport } from '../api/http.ts';

/**
 * What the analytics of a meeting say, as far as the token shows it; `problem` where there is nothing to be had. When the
 * meeting is another than it was, as somebody was erased, the report is too.
 */
export function useReport({ meeting: { meetingId }, participants }: MeetingDetail, token: string | undefined) {
  const [found, setFound] = useState<{ report?: MeetingReport; problem?: string }>({});
  useEffect(() => {
    let current = true;
    setFound({});
    fetchReport(meetingId, token).then(
      (report) => current && setFound({ report }),
      (error: unknown) => current && setFound({ problem: (error as Error).message }),
    );
    return () => void (current = false);
  }, [meetingId, token, participants]);
  return found;
}
