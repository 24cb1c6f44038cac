import { useEffect } from 'preact/hooks';
import { PageFrame } from '../pages/PageFrame.tsx';
import { follow } from '../router.ts';
import { meetingToken } from '../session/meetingToken.ts';
import { formatMs } from '../timeline/view.ts';
import { Banner } from '../ui/Banner.tsx';
import { useStore } from '../ui/hooks.ts';
import { stateOf, titleOf, whenText } from './meetingWords.ts';
import { TokenForm } from './TokenForm.tsx';
import { useMeetings } from './useMeetings.ts';

/** Past meetings, newest first. */
export function MeetingsPage() {
  const token = useStore(meetingToken);
  const { meetings, problem, more } = useMeetings(token);
  useEffect(() => {
    document.title = 'Past meetings · Undertone';
  }, []);
  return (
    <PageFrame wide>
      <main class="meetings">
        <h1>Past meetings</h1>
        <TokenForm />
        {problem && <Banner tone="warning">{problem}</Banner>}
        {meetings?.length === 0 && (
          <p class="quiet">This token shows no meeting. Without one, only samples are shown.</p>
        )}
        <ul class="meetings-list">
          {meetings?.map((meeting) => (
            <li key={meeting.meetingId}>
              <a
                class="card meetings-item"
                href={`/meetings/${meeting.meetingId}`}
                data-testid="meeting"
                onClick={follow}
              >
                <strong>{titleOf(meeting)}</strong>
                <span class="quiet">
                  {whenText(meeting.startMs)} · {formatMs(meeting.durationMs, 0)} · {meeting.roomId}
                </span>
                {meeting.source === 'sample' && <span class="tag">sample</span>}
                <span class="tag">{stateOf(meeting)}</span>
              </a>
            </li>
          ))}
        </ul>
        {more && (
          <button type="button" class="button" onClick={more}>
            Earlier meetings
          </button>
        )}
      </main>
    </PageFrame>
  );
}
