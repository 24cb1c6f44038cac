import { isExclusive, type LabelSetDefinition } from './label-set.ts';

/**
 * Logits to probabilities, by temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017,
 * arXiv 1706.04599): softmax where one label holds, sigmoid where each holds on its own.
 */
export function probabilities(set: LabelSetDefinition, logits: Float32Array): number[] {
  const scaled = Array.from(logits, (logit) => logit / set.temperature);
  if (!isExclusive(set.kind)) return scaled.map((x) => 1 / (1 + Math.exp(-x)));
  const max = Math.max(...scaled);
  const exp = scaled.map((x) => Math.exp(x - max));
  const sum = exp.reduce((a, b) => a + b, 0);
  return exp.map((x) => x / sum);
}

/** Expected value of an ordinal set, on the scale of its labels' values. */
export function expectation(set: LabelSetDefinition, p: readonly number[]): number {
  return set.labels.reduce((sum, label, i) => sum + (label.value ?? 0) * p[i]!, 0);
}
