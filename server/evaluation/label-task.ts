import {
  labelThreshold,
  resolveLabelSet,
  type LabelSetDefinition,
  type Manifest,
} from '../../plugin/analyzer/inference/index.ts';
import { EvaluationError } from './EvaluationError.ts';

/** The labels that items are measured by. */
export interface LabelTask {
  /** In the order and spelling in which they were asked for. */
  readonly names: readonly string[];
  /** Several labels may hold at once, or none. */
  readonly multi: boolean;
  /** The probability from which each label counts, where several may. */
  readonly thresholds?: readonly number[];
  /** Where each label lies on the scale of an ordinal set. */
  readonly values?: readonly number[];
  readonly set: LabelSetDefinition;
  /** What makes the set known to the model. */
  readonly spec: string | { labels: readonly string[]; kind: 'single' | 'multi' };
}

export interface TaskOptions {
  /** The name of a shipped set, or labels. */
  readonly labels: string | readonly string[];
  /** Default: multi where an item has several labels. */
  readonly kind?: 'single' | 'multi';
  /** Whether an item has several labels. */
  readonly severalLabels: boolean;
}

/**
 * What is asked of the model.
 *
 * @throws EvaluationError where the labels cannot be those of the items
 * @throws InferenceError `invalid-input` where they are no label set
 */
export function labelTask(manifest: Manifest, { labels, kind, severalLabels }: TaskOptions): LabelTask {
  const chosen =
    typeof labels === 'string'
      ? shippedTask(manifest, labels)
      : listedTask(manifest, labels, kind ?? (severalLabels ? 'multi' : 'single'));
  const { set, names } = chosen;
  const multi = set.kind === 'multi';
  if (kind !== undefined && multi !== (kind === 'multi')) {
    throw new EvaluationError(`--label-kind: the set ${set.id} is ${set.kind}, not ${kind}; leave the option out`);
  }
  if (severalLabels && !multi) {
    throw new EvaluationError(
      `rows have several labels, but ${kind === undefined ? `the set ${set.id} is ${set.kind}` : `--label-kind is ${kind}`}`,
    );
  }
  const barred = names.find((name) => name.includes('|'));
  if (barred !== undefined) {
    throw new EvaluationError(`--labels: ${JSON.stringify(barred)} has a | in it, which parts labels in a cell`);
  }
  const inOrder = names.map((name) => set.labels.find((label) => label.name.toLowerCase() === name.toLowerCase())!);
  return {
    ...chosen,
    multi,
    ...(multi && { thresholds: inOrder.map((label) => labelThreshold(set, label)) }),
    ...(set.kind === 'ordinal' && { values: inOrder.map((label) => label.value!) }),
  };
}

function shippedTask({ labelSets }: Manifest, id: string): Pick<LabelTask, 'set' | 'names' | 'spec'> {
  const set = labelSets.find((shipped) => shipped.id === id);
  if (!set) {
    const there = labelSets.map((shipped) => shipped.id).join(', ');
    throw new EvaluationError(`--labels: '${id}' is no label set of this model; there are ${there}`);
  }
  if (set.kind === 'dimensional') {
    throw new EvaluationError(`--labels: the set ${id} gives values on scales, which no label column can hold`);
  }
  return { set, names: set.labels.map(({ name }) => name), spec: id };
}

function listedTask(
  manifest: Manifest,
  labels: readonly string[],
  kind: 'single' | 'multi',
): Pick<LabelTask, 'set' | 'names' | 'spec'> {
  const spec = { labels, kind };
  return { set: resolveLabelSet(spec, manifest), names: labels, spec };
}
