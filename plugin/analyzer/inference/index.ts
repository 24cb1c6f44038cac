export type { Timing } from './batcher.ts';
export { InferenceClient } from './client.ts';
export type * from './client-types.ts';
export { InferenceEngine, type EngineOptions } from './engine.ts';
export { InferenceError, InferenceThreadLostError, OverloadedError, type InferenceErrorCode } from './errors.ts';
export type { LabelScore } from './fuse.ts';
export {
  LABEL_SET_KINDS,
  labelThreshold,
  type LabelSetDefinition,
  type LabelSetInfo,
  type LabelSetKind,
} from './label-set.ts';
export type { LabelSetSpec } from './label-spec.ts';
export type { Manifest } from './manifest.ts';
export { readManifest } from './model-folder.ts';
export { SACRIFICES, UNHURRIED, type OverloadReport, type Sacrifice } from './overload.ts';
export {
  chooseProvider,
  probeProviders,
  PROVIDERS,
  type ProbeResult,
  type Provider,
  type ProviderChoice,
} from './providers.ts';
export type { Priority } from './request-queue.ts';
export { resolveLabelSet } from './resolve-labels.ts';
export type { AudioTokens, FaceObservation, FaceTokens, TextTokens } from './tokens.ts';
