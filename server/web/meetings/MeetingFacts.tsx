import type { MeetingSummary } from '../../../plugin/events/contract/v1/types.ts';
import { formatMs } from '../timeline/view.ts';
import { stateOf, titleOf, whenText } from './meetingWords.ts';

/** What a meeting was, and what is told of it. @param people - those whom the token shows */
export function MeetingFacts({ meeting, people }: { meeting: MeetingSummary; people: number }) {
  return (
    <header class="meeting-facts">
      <h1>{titleOf(meeting)}</h1>
      {meeting.source === 'sample' && (
        <p>
          <span class="tag">sample</span> Nobody is in it: the speakers are synthesised, the readings are the model’s.
        </p>
      )}
      <p class="quiet">
        {whenText(meeting.startMs)} · {formatMs(meeting.durationMs, 0)} · {people} {people === 1 ? 'person' : 'people'}{' '}
        · {stateOf(meeting)}
        {meeting.lost > 0 && ` · ${meeting.lost} events could not be kept`}
      </p>
      <p class="quiet">What expression cues suggest; not what anybody felt.</p>
    </header>
  );
}
