import { useEffect } from 'preact/hooks';
import { PageFrame } from '../pages/PageFrame.tsx';
import { currentQuery, follow } from '../router.ts';
import { meetingToken } from '../session/meetingToken.ts';
import { Banner } from '../ui/Banner.tsx';
import { useStore } from '../ui/hooks.ts';
import { readAddress } from './address.ts';
import { Comparison } from './Comparison.tsx';
import { titleOf } from './meetingWords.ts';
import { MeetingTimeline } from './MeetingTimeline.tsx';
import { TokenForm } from './TokenForm.tsx';
import { useMeeting } from './useMeeting.ts';

/** One past meeting; with another in the address, the two beside each other. */
export function MeetingPage({ meetingId }: { meetingId: string }) {
  const token = useStore(meetingToken);
  const { other } = readAddress(useStore(currentQuery));
  const { detail, problem, without } = useMeeting(meetingId, token);
  const compared = useMeeting(other, token);
  useEffect(() => {
    document.title = `${detail ? titleOf(detail.meeting) : 'Meeting'} · Undertone`;
  }, [detail]);
  const told = problem ?? compared.problem;
  return (
    <PageFrame wide>
      <main class="meetings">
        <nav class="meeting-back">
          <a href="/meetings" onClick={follow}>
            ← Past meetings
          </a>
        </nav>
        {told !== undefined && (
          <>
            <Banner tone="warning">{told}</Banner>
            <TokenForm />
          </>
        )}
        {detail && other === undefined && (
          <MeetingTimeline key={token} detail={detail} token={token} onErased={without} />
        )}
        {detail && compared.detail && <Comparison details={[detail, compared.detail]} token={token} />}
      </main>
    </PageFrame>
  );
}
