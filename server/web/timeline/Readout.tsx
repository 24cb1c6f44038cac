import type { Moment } from './facts.ts';
import { formatMs } from './view.ts';
import { momentFacts } from './wording.ts';

/** What was at the cursor, in numbers and words. Those who hear the page have it from the slider. */
export function Readout({ moment, atMs }: { moment: Moment | undefined; atMs: number }) {
  return (
    <dl class="readout" aria-hidden="true" data-testid="timeline-readout">
      {moment ? (
        <>
          <div class="readout-time">
            <dt>time</dt>
            <dd>{formatMs(atMs)}</dd>
          </div>
          {momentFacts(moment).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </>
      ) : (
        <div class="readout-hint">
          <dt>Point at the picture, or give it the focus and use the arrow keys.</dt>
        </div>
      )}
    </dl>
  );
}
