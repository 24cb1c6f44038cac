import type { Provider } from './providers.ts';

/** Rounds the dynamic dimensions of a batch up to sizes that a provider has seen before. */
export interface ShapePolicy {
  readonly batch: (items: number) => number;
  readonly length: (tokens: number, max?: number) => number;
  /** Batch sizes to run before the first real request. */
  readonly warmUp: readonly number[];
}

const exact: ShapePolicy = {
  batch: (items) => items,
  length: (tokens) => Math.max(1, tokens),
  warmUp: [1],
};

/** GPU providers compile kernels or search algorithms for every new shape, so few shapes must serve all batches. */
const bucketed: ShapePolicy = {
  batch: (items) => 2 ** Math.ceil(Math.log2(Math.max(1, items))),
  length: (tokens, max = Number.POSITIVE_INFINITY) => Math.min(max, Math.max(16, Math.ceil(tokens / 16) * 16)),
  warmUp: [1, 2, 4, 8],
};

export function shapePolicy(provider: Provider): ShapePolicy {
  return provider === 'cpu' ? exact : bucketed;
}
