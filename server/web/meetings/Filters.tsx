import { MODALITIES, MODALITY_NAMES } from '../view/wording.ts';
import { EVERYTHING, toggled, type Filter } from './Filter.ts';

interface FiltersProps {
  labels: readonly string[];
  colors: ReadonlyMap<string, number>;
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

/** The labels with their colours, which are also what chooses among them, and what a result has to rest on. */
export function Filters({ labels, colors, filter, onFilter }: FiltersProps) {
  const filters = filter.labels.length > 0 || filter.modalities.length > 0;
  return (
    <div class="meeting-filters">
      <div class="meeting-chips" role="group" aria-label="Labels that are shown">
        {labels.map((label) => (
          <button
            key={label}
            type="button"
            class={`meeting-chip label-${colors.get(label) ?? 0}`}
            aria-pressed={filter.labels.includes(label)}
            onClick={() => onFilter({ ...filter, labels: toggled(filter.labels, label) })}
            data-testid="meeting-label"
          >
            <span class="meetings-mark" /> {label}
          </button>
        ))}
      </div>
      <div class="meeting-chips" role="group" aria-label="What results rest on">
        <span class="quiet" aria-hidden="true">
          rests on
        </span>
        {MODALITIES.map((modality) => (
          <button
            key={modality}
            type="button"
            class="meeting-chip"
            aria-pressed={filter.modalities.includes(modality)}
            onClick={() => onFilter({ ...filter, modalities: toggled(filter.modalities, modality) })}
            data-testid={`rests-on-${modality}`}
          >
            {MODALITY_NAMES[modality]}
          </button>
        ))}
        {filters && (
          <button type="button" class="meeting-chip meeting-chip-all" onClick={() => onFilter(EVERYTHING)}>
            show all
          </button>
        )}
      </div>
    </div>
  );
}
