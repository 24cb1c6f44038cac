import { invalidInput } from './errors.ts';
import {
  hashPrompts,
  isExclusive,
  LABEL_SET_KINDS,
  type LabelDefinition,
  type LabelSetDefinition,
} from './label-set.ts';
import type { LabelSetKind } from './label-set.ts';

const MIN_LABELS = 2;
const MAX_LABELS = 64;
const MAX_NAME_CHARS = 80;
const MAX_PROMPT_CHARS = 400;

/** A label set as a user writes it: names alone, or with their own prompts and, for ordinal sets, values. */
export interface LabelSetSpec {
  /** Default: a name made from the content. */
  readonly id?: string;
  readonly labels: readonly (string | { readonly name: string; readonly prompt?: string; readonly value?: number })[];
  /** Default `single`. */
  readonly kind?: LabelSetKind;
}

export interface CustomLabelDefaults {
  /** Turns a name into a prompt; contains `{label}`. */
  readonly prompt: string;
  /** Better prompts of names, in lower case, that the model was trained with. */
  readonly prompts: Readonly<Record<string, string>>;
  readonly temperature: number;
  readonly threshold: number;
  /** Where each label stands on its own; default `threshold`. */
  readonly multiThreshold?: number;
}

/**
 * Checks a label set given at run time and completes it. It comes from configuration or from a client, so nothing about
 * it is taken on trust.
 *
 * @throws {InferenceError} `invalid-input`, naming the field, the value and what is allowed
 */
export function completeLabelSet(spec: LabelSetSpec, defaults: CustomLabelDefaults): LabelSetDefinition {
  const kind = spec.kind ?? 'single';
  if (!LABEL_SET_KINDS.includes(kind)) {
    throw invalidInput(`kind: ${show(kind)} is not known; allowed are ${LABEL_SET_KINDS.join(', ')}.`);
  }
  const count = Array.isArray(spec.labels) ? spec.labels.length : undefined;
  if (count === undefined || count < MIN_LABELS || count > MAX_LABELS) {
    const found = count === undefined ? 'no list was given' : `${count} labels were given`;
    throw invalidInput(`labels: ${found}; ${MIN_LABELS} to ${MAX_LABELS} are allowed.`);
  }
  const labels = spec.labels.map((label, i) => completeLabel(label, i, kind, defaults));
  const seen = new Map<string, number>();
  labels.forEach(({ name }, i) => {
    const same = seen.get(name.toLowerCase());
    if (same !== undefined) {
      throw invalidInput(`labels[${i}]: ${show(name)} is there twice (also labels[${same}]); names must differ.`);
    }
    seen.set(name.toLowerCase(), i);
  });
  const hash = hashPrompts(labels.map((label) => label.prompt));
  const id = spec.id ?? `custom-${hashPrompts([kind, ...labels.map((label) => JSON.stringify(label))])}`;
  if (typeof id !== 'string' || !/^[\w.-]{1,80}$/.test(id)) {
    throw invalidInput(`id: ${show(id)} is not allowed; use 1 to 80 letters, digits, '.', '_' and '-'.`);
  }
  const { temperature, threshold, multiThreshold = threshold } = defaults;
  return { id, kind, labels, hash, temperature, threshold: isExclusive(kind) ? threshold : multiThreshold };
}

function completeLabel(
  label: LabelSetSpec['labels'][number],
  index: number,
  kind: LabelSetKind,
  defaults: CustomLabelDefaults,
): LabelDefinition {
  const field = `labels[${index}]`;
  const isObject = typeof label === 'object' && label !== null;
  const given: { name: unknown; prompt?: unknown; value?: unknown } = isObject ? label : { name: label };
  const name = trimmed(given.name, isObject ? `${field}.name` : field, MAX_NAME_CHARS);
  const prompt =
    given.prompt === undefined ? promptOf(name, defaults) : trimmed(given.prompt, `${field}.prompt`, MAX_PROMPT_CHARS);
  if (given.value === undefined) {
    if (kind !== 'ordinal') return { name, prompt };
    throw invalidInput(`${field}.value: missing; each label of an ordinal set needs a number.`);
  }
  if (typeof given.value !== 'number' || !Number.isFinite(given.value)) {
    throw invalidInput(`${field}.value: ${show(given.value)} is not a finite number.`);
  }
  return { name, prompt, value: given.value };
}

function promptOf(name: string, { prompt, prompts }: CustomLabelDefaults): string {
  const key = name.toLowerCase();
  // Names come from clients: one such as 'constructor' must not find what every object has.
  const known = Object.hasOwn(prompts, key) ? prompts[key] : undefined;
  // A function, so that $ in a name stays what it is.
  return known ?? prompt.replace('{label}', () => name);
}

function trimmed(value: unknown, field: string, maxChars: number): string {
  const text = typeof value === 'string' ? value.trim() : undefined;
  if (text !== undefined && text.length >= 1 && text.length <= maxChars) return text;
  throw invalidInput(`${field}: ${show(value)} is not allowed; 1 to ${maxChars} characters are expected.`);
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : String(JSON.stringify(value) ?? value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
