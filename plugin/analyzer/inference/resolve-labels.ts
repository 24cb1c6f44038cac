import type { LabelSetDefinition } from './label-set.ts';
import { completeLabelSet, type LabelSetSpec } from './label-spec.ts';
import type { Manifest } from './manifest.ts';

/**
 * The label set that labels given at run time stand for: the shipped set of the same kind whose names they are, in
 * whatever case and order, because that one is calibrated (the first in the manifest where several have these names);
 * else a set of their own. Labels with a prompt or a value, or under another id, are always a set of their own.
 *
 * @throws {InferenceError} `invalid-input`, naming the field, the value and what is allowed
 */
export function resolveLabelSet(
  spec: LabelSetSpec,
  { prompt, prompts, custom, labelSets }: Pick<Manifest, 'prompt' | 'prompts' | 'custom' | 'labelSets'>,
): LabelSetDefinition {
  const names = namesAlone(spec.labels);
  const key = names && keyOf(names);
  const shipped = labelSets.find(
    ({ id, kind, labels }) =>
      kind === (spec.kind ?? 'single') && id === (spec.id ?? id) && keyOf(labels.map(({ name }) => name)) === key,
  );
  if (!shipped) return completeLabelSet(spec, { prompt, prompts, ...custom });
  const { offset: _, ...definition } = shipped;
  return definition;
}

/** The names, where the labels are nothing but names. They come from outside, so they may be anything. */
function namesAlone(labels: unknown): string[] | undefined {
  if (!Array.isArray(labels)) return undefined;
  const names = labels.map((label: unknown) => {
    if (typeof label !== 'object' || label === null) return label;
    const { name, prompt, value } = label as Record<string, unknown>;
    return prompt === undefined && value === undefined ? name : undefined;
  });
  return names.every((name) => typeof name === 'string') ? names : undefined;
}

function keyOf(names: readonly string[]): string {
  return JSON.stringify(names.map((name) => name.trim().toLowerCase()).sort());
}
