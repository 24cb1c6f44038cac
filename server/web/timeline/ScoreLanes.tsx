import { shortReading } from '../view/wording.ts';
import type { Result, UtteranceRow } from './facts.ts';
import { fitting } from './fitting.ts';
import type { LaneProps } from './SoundLanes.tsx';

interface ScoreLanesProps extends LaneProps {
  rows: UtteranceRow[];
  colors: ReadonlyMap<string, number>;
}

const TEXT_HEIGHT = 16;
/** Of a scale from -3 to 3. */
const SENTIMENT_LIMIT = 3;

/** What the newest result of each window says, and where interim results came. */
export function ScoreLanes({ subject: { results }, view, layout, xOf, rows, colors }: ScoreLanesProps) {
  const { labels, sentiment } = layout.lanes;
  const zero = sentiment.top + sentiment.height / 2;
  const colorOf = (name: string) => `label-${colors.get(name) ?? 0}`;
  const interims = results.filter(
    ({ type, span }) => type === 'emotion.interim' && span.endMs >= view.fromMs && span.endMs <= view.toMs,
  );
  return (
    <>
      <line class="grid" x1={0} x2={layout.width} y1={zero} y2={zero} />
      {rows.map(({ window: { utteranceId }, result }) => {
        if (!result || result.span.endMs < view.fromMs || result.span.startMs > view.toMs) return null;
        const x = xOf(result.span.startMs);
        const width = Math.max(2, xOf(result.span.endMs) - x);
        const from = Math.max(0, x);
        const height = (result.sentiment / SENTIMENT_LIMIT) * (sentiment.height / 2 - 1);
        return (
          <g key={utteranceId} class={result.type === 'emotion.interim' ? 'scores scores-interim' : 'scores'}>
            <text class="score-text" x={from + 2} y={labels.top + 12}>
              {fitting(shortReading(result), Math.min(layout.width, x + width) - from - 2)}
            </text>
            {result.abstained ? (
              <rect
                class="abstained"
                x={x}
                y={labels.top + TEXT_HEIGHT}
                width={width}
                height={labels.height - TEXT_HEIGHT - 1}
              />
            ) : (
              stacked(result).map(({ name, from: low, to: high }) => (
                <rect
                  key={name}
                  class={`score ${colorOf(name)}`}
                  x={x}
                  y={labels.top + TEXT_HEIGHT + (1 - high) * (labels.height - TEXT_HEIGHT - 1)}
                  width={width}
                  height={(high - low) * (labels.height - TEXT_HEIGHT - 1)}
                />
              ))
            )}
            {!result.abstained && (
              <rect
                class="sentiment"
                x={x}
                y={height > 0 ? zero - height : zero}
                width={width}
                height={Math.max(1, Math.abs(height))}
              />
            )}
          </g>
        );
      })}
      {interims.map((result) => (
        <circle
          key={result.eventId}
          class={`interim ${colorOf(result.labels[0]!.name)}`}
          cx={xOf(result.span.endMs)}
          cy={labels.top + TEXT_HEIGHT}
          r={3}
        />
      ))}
    </>
  );
}

/** Labels on top of one another, the likeliest on the ground; those that may hold together share the height. */
function stacked({ labels }: Result): { name: string; from: number; to: number }[] {
  const sum = Math.max(
    1,
    labels.reduce((total, { p }) => total + p, 0),
  );
  let from = 0;
  return labels.map(({ name, p }) => {
    const layer = { name, from, to: from + p / sum };
    from = layer.to;
    return layer;
  });
}
