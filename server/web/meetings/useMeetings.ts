import { useEffect, useState } from 'preact/hooks';
import type { MeetingSummary } from '../../../plugin/events/contract/v1/types.ts';
import { fetchMeetings } from '../api/http.ts';

/** Meetings that the token shows, newest first, page by page; `more` fetches the next where there is one. */
export function useMeetings(token: string | undefined) {
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
    let current = true;
    setMeetings(undefined);
    setNext(undefined);
    void load(undefined, () => current);
    return () => void (current = false);
  }, [token]);
  return { meetings, problem, ...(next !== undefined && { more: () => void load(next) }) };
}
