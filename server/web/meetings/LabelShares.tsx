import { percent } from '../view/wording.ts';
import type { Share } from './sharesOf.ts';

interface LabelSharesProps {
  shares: readonly Share[];
  colors: ReadonlyMap<string, number>;
  /** What the bars are of, for those who hear the page. */
  title: string;
}

/** A bar for each label. The figure is beside it: colour and length alone say nothing. */
export function LabelShares({ shares, colors, title }: LabelSharesProps) {
  return (
    <ul class="meeting-shares" aria-label={title}>
      {shares.map(({ name, share }) => (
        <li key={name} class={`label-${colors.get(name) ?? 0}`}>
          <span class="meeting-share-name">{name}</span>
          <svg class="meeting-share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect width={Math.max(0, Math.min(1, share)) * 100} height="10" />
          </svg>
          <span class="number">{percent(share)}</span>
        </li>
      ))}
    </ul>
  );
}
