import type { LabelScore } from '../../../plugin/events/contract/v1/types.ts';
import { percent } from '../view/wording.ts';

const SHOWN = 3;

/** The labels with the highest probabilities. */
export function Bars({ labels, colors }: { labels: readonly LabelScore[]; colors: ReadonlyMap<string, number> }) {
  return (
    <ol class="bars">
      {labels.slice(0, SHOWN).map(({ name, p }) => (
        <li key={name} class={`bar label-${colors.get(name) ?? 0}`}>
          <span class="bar-name">{name}</span>
          <span class="bar-track" aria-hidden="true">
            <span class="bar-fill" style={{ width: `${(p * 100).toFixed(1)}%` }} />
          </span>
          <span class="bar-value">{percent(p)}</span>
        </li>
      ))}
    </ol>
  );
}
