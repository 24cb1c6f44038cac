import { useState } from 'preact/hooks';
import type { LabelSet } from '../api/types.ts';
import { parseLabels } from '../view/parseLabels.ts';
import { Dialog } from './Dialog.tsx';

interface LabelsDialogProps {
  shipped: readonly LabelSet[];
  current: LabelSet;
  onChoose: (labels: string | string[], kind?: 'single' | 'multi') => Promise<void>;
  onClose: () => void;
}

const OWN = '';

/** Chooses what is asked of each utterance: a shipped set, or words of one's own. */
export function LabelsDialog({ shipped, current, onChoose, onClose }: LabelsDialogProps) {
  const named = shipped.filter(({ id }) => id !== undefined);
  const isShipped = named.some(({ id }) => id === current.id);
  const [chosen, setChosen] = useState(isShipped ? current.id! : OWN);
  const [words, setWords] = useState(isShipped ? '' : current.labels.join(', '));
  const [multi, setMulti] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    const labels = chosen === OWN ? parseLabels(words) : chosen;
    if (chosen === OWN && typeof labels === 'string') {
      setProblem(labels);
      return;
    }
    setBusy(true);
    try {
      await (chosen === OWN ? onChoose(labels, multi ? 'multi' : 'single') : onChoose(labels));
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };

  return (
    <Dialog title="What should be looked for?" onDismiss={onClose}>
      <p class="dialog-lead">
        Each utterance is compared with these labels, from the next one on and for everybody in this call. Any words
        will do; those that the model was not trained on are a rougher guess.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <fieldset class="label-sets" disabled={busy}>
          <legend class="sr-only">Label set</legend>
          {named.map(({ id, labels }) => (
            <label key={id} class="choice choice-text">
              <input type="radio" name="set" checked={chosen === id} onChange={() => setChosen(id!)} />
              <span>
                <strong>{id}</strong>
                <span class="choice-detail">{labels.join(', ')}</span>
              </span>
            </label>
          ))}
          <label class="choice choice-text">
            <input type="radio" name="set" checked={chosen === OWN} onChange={() => setChosen(OWN)} />
            <span>
              <strong>My own words</strong>
              <span class="choice-detail">for example: engaged, confused, bored</span>
            </span>
          </label>
        </fieldset>
        {chosen === OWN && (
          <div class="own-labels">
            <label class="field">
              <span>Labels, separated by commas</span>
              <input
                class="input"
                type="text"
                value={words}
                onInput={(event) => setWords(event.currentTarget.value)}
                data-testid="labels-own"
              />
            </label>
            <label class="check">
              <input type="checkbox" checked={multi} onChange={(event) => setMulti(event.currentTarget.checked)} />
              Several may apply at once
            </label>
          </div>
        )}
        <p class="dialog-problem" role="alert">
          {problem}
        </p>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button button-primary" disabled={busy} data-testid="labels-apply">
            Use these labels
          </button>
        </div>
      </form>
    </Dialog>
  );
}
