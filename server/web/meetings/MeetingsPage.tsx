import { useEffect, useState } from 'preact/hooks';
import type { MeetingSummary } from '../../../plugin/events/contract/v1/types.ts';
import { fetchMeetings } from '../api/http.ts';
import { PageFrame } from '../pages/PageFrame.tsx';
import { navigate } from '../router.ts';
import { meetingToken } from '../session/meetingToken.ts';
import { formatMs } from '../timeline/view.ts';
import { Banner } from '../ui/Banner.tsx';
import { useStore } from '../ui/hooks.ts';
import { TokenForm } from './TokenForm.tsx';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function stateOf({ endMs, endReason }: MeetingSummary): string {
  if (endMs === undefined) return 'running';
  return endReason === 'crash' ? 'crashed' : 'ended';
}

/** Past meetings, newest first. */
export function MeetingsPage() {
  const token = useStore(meetingToken);
  const [meetings, setMeetings] = useState<MeetingSummary[]>();
  const [next, setNext] = useState<number>();
  const [problem, setProblem] = useState<string>();
  const load = async (before?: number, wanted: () => boolean = () => true) => {
    try {
      const page = await fetchMeetings(token, before);
      if (!wanted()) return;
      setMeetings((shown) => [...(before === undefined ? [] : (shown ?? [])), ...page.meetings]);
      setNext(page.next);
      setProblem(undefined);
    } catch (error) {
      if (wanted()) setProblem((error as Error).message);
    }
  };
  useEffect(() => {
    document.title = 'Past meetings · Undertone';
    let current = true;
    setMeetings(undefined);
    void load(undefined, () => current);
    return () => void (current = false);
  }, [token]);
  return (
    <PageFrame>
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
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                  event.preventDefault();
                  navigate(`/meetings/${meeting.meetingId}`);
                }}
              >
                <strong>{meeting.title ?? meeting.roomId}</strong>
                <span class="quiet">
                  {when.format(meeting.startMs)} · {formatMs(meeting.durationMs, 0)} · {meeting.roomId}
                </span>
                {meeting.source === 'sample' && <span class="tag">sample</span>}
                <span class="tag">{stateOf(meeting)}</span>
              </a>
            </li>
          ))}
        </ul>
        {next !== undefined && (
          <button type="button" class="button" onClick={() => void load(next)}>
            Earlier meetings
          </button>
        )}
      </main>
    </PageFrame>
  );
}
