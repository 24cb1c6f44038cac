import type { MeetingReport } from '../../../plugin/events/contract/v1/types.ts';

const WHAT = { speech: 'how much was spoken in all', interplay: 'turn-taking', room: 'means over everybody' } as const;

const WHY = {
  'not-allowed': 'the token does not allow it',
  'too-few-people': 'too few people took part',
  'not-over': 'the meeting goes on',
  'taken-back': 'somebody took results back',
  'others-seen': 'the token shows single results of others',
} as const;

/** What a report leaves out, and why. @param of - name of the meeting, where there are several */
export function WithheldNote({ withheld, of }: Pick<MeetingReport, 'withheld'> & { of?: string }) {
  if (withheld.length === 0) return null;
  return (
    <ul class="quiet meeting-withheld">
      {withheld.map(({ what, reason }) => (
        <li key={what}>
          Not shown{of !== undefined && ` of ${of}`}: {WHAT[what]}, as {WHY[reason]}.
        </li>
      ))}
    </ul>
  );
}
