import type { Modalities, Modality } from '../../../plugin/events/contract/v1/types.ts';
import { MODALITIES, MODALITY_NAMES, reasonText } from '../view/wording.ts';
import { Icon } from './Icon.tsx';

function amount(modalities: Modalities, modality: Modality): string {
  switch (modality) {
    case 'audio':
      return `${(modalities.audio.speechMs / 1_000).toFixed(1)} s of speech`;
    case 'video': {
      const { frames, faceRatio } = modalities.video;
      return `${frames} pictures of the face, usable in ${Math.round(faceRatio * 100)} % of the time`;
    }
    case 'text':
      return `${modalities.text.words} words`;
  }
}

/** What a reading rests on, and why something was left out. */
export function Evidence({ modalities }: { modalities: Modalities }) {
  return (
    <ul class="evidence" aria-label="What this reading rests on">
      {MODALITIES.map((modality) => {
        const { used, reason } = modalities[modality];
        const name = MODALITY_NAMES[modality];
        const detail = used ? amount(modalities, modality) : reasonText(reason);
        return (
          <li
            key={modality}
            class={used ? 'evidence-used' : 'evidence-unused'}
            title={used ? `${name}: ${detail}` : `${name} not used: ${detail}`}
            data-modality={modality}
            data-used={used}
          >
            <Icon name={modality} struck={!used} />
            <span>
              {name}
              {!used && <span class="evidence-reason">: {detail}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
