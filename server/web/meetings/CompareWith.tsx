import { navigate } from '../router.ts';
import { formatMs } from '../timeline/view.ts';
import { titleOf, whenText } from './meetingWords.ts';
import { useMeetings } from './useMeetings.ts';

/** Chooses another meeting, to be shown beside this one. */
export function CompareWith({ meetingId, token }: { meetingId: string; token: string | undefined }) {
  const { meetings } = useMeetings(token);
  const others = meetings?.filter((one) => one.meetingId !== meetingId) ?? [];
  if (others.length === 0) return null;
  return (
    <label class="field meeting-compare">
      Compare with
      <select
        class="input"
        value=""
        onChange={({ currentTarget: { value } }) => value !== '' && navigate(`/meetings/${meetingId}?with=${value}`)}
        data-testid="compare-with"
      >
        <option value="">another meeting …</option>
        {others.map((one) => (
          <option key={one.meetingId} value={one.meetingId}>
            {titleOf(one)}, {whenText(one.startMs)}, {formatMs(one.durationMs, 0)}
          </option>
        ))}
      </select>
    </label>
  );
}
