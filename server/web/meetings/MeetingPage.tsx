import { useEffect, useState } from 'preact/hooks';
import type { MeetingDetail } from '../../../plugin/events/contract/v1/types.ts';
import { fetchMeeting } from '../api/http.ts';
import { PageFrame } from '../pages/PageFrame.tsx';
import { meetingToken } from '../session/meetingToken.ts';
import { Banner } from '../ui/Banner.tsx';
import { useStore } from '../ui/hooks.ts';
import { MeetingTimeline } from './MeetingTimeline.tsx';
import { TokenForm } from './TokenForm.tsx';

/** One past meeting. */
export function MeetingPage({ meetingId }: { meetingId: string }) {
  const token = useStore(meetingToken);
  const [detail, setDetail] = useState<MeetingDetail>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let current = true;
    setDetail(undefined);
    setProblem(undefined);
    fetchMeeting(meetingId, token).then(
      (found) => current && setDetail(found),
      (error: unknown) => current && setProblem((error as Error).message),
    );
    return () => void (current = false);
  }, [meetingId, token]);
  useEffect(() => {
    document.title = `${detail?.meeting.title ?? detail?.meeting.roomId ?? 'Meeting'} · Undertone`;
  }, [detail]);
  return (
    <PageFrame>
      <main class="meetings">
        {problem && (
          <>
            <Banner tone="warning">{problem}</Banner>
            <TokenForm />
          </>
        )}
        {detail && <MeetingTimeline detail={detail} {...(token !== undefined && { token })} />}
      </main>
    </PageFrame>
  );
}
