import type { PerModality } from '../../../plugin/events/contract/v1/types.ts';
import { listNames, MODALITIES } from '../view/wording.ts';
import { Icon } from './Icon.tsx';

/** What of somebody is really being analysed now. */
export function AnalysedBadge({ analysed, name }: { analysed: PerModality; name: string }) {
  const flowing = MODALITIES.filter((modality) => analysed[modality]);
  const text = flowing.length > 0 ? `${name}: ${listNames(flowing)} being analysed` : `${name}: not analysed`;
  return (
    <span class={`badge ${flowing.length > 0 ? 'badge-live' : ''}`} role="img" aria-label={text} title={text}>
      {flowing.length > 0 ? (
        <>
          <span class="live-dot" />
          {flowing.map((modality) => (
            <Icon key={modality} name={modality} />
          ))}
        </>
      ) : (
        'not analysed'
      )}
    </span>
  );
}
