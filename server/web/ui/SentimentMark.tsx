import { sentimentText, signed } from '../view/wording.ts';

const LIMIT = 3;

/** Where a sentiment lies between very negative and very positive. */
export function SentimentMark({ value }: { value: number }) {
  const share = (Math.max(-LIMIT, Math.min(LIMIT, value)) + LIMIT) / (2 * LIMIT);
  return (
    <div class="sentiment" title={`${sentimentText(value)}: ${signed(value)} on a scale from −3 to +3`}>
      <span class="sentiment-end" aria-hidden="true">
        −
      </span>
      <span class="sentiment-track" aria-hidden="true">
        <span class="sentiment-dot" style={{ left: `${(share * 100).toFixed(1)}%` }} />
      </span>
      <span class="sentiment-end" aria-hidden="true">
        +
      </span>
      <span class="sentiment-text">
        {sentimentText(value)} <span class="number">{signed(value)}</span>
      </span>
    </div>
  );
}
