import { formatMs } from '../timeline/view.ts';
import { percent } from '../view/wording.ts';
import { nameOf, type MeetingLane } from './lanesOf.ts';

/** What the lanes show, as a table, for those who do not see them. */
export function LanesTable({ lanes, labels }: { lanes: readonly MeetingLane[]; labels: readonly string[] }) {
  const title = 'What expression cues suggest over the whole meeting';
  const cell = ({ labels: own, p }: MeetingLane, label: string) => {
    const value = p[own.indexOf(label)];
    return value === undefined ? '–' : percent(value);
  };
  return (
    <div class="meeting-scroll" tabIndex={0} role="region" aria-label={title}>
      <table class="meetings-table" data-testid="lanes-table">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">Participant</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
            <th scope="col">results</th>
            <th scope="col">speech</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => (
            <tr key={lane.participantId}>
              <th scope="row">{nameOf(lane)}</th>
              {labels.map((label) => (
                <td key={label} class="number">
                  {cell(lane, label)}
                </td>
              ))}
              <td class="number">{lane.utterances}</td>
              <td class="number">{formatMs(lane.speechMs, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
