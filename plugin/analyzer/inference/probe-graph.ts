/**
 * The graph that a provider is probed with, as ONNX bytes: y = Relu(A · B · B) in opset 17, with A [256, 512] and
 * B [512, 512], both inputs. 0.27 GFLOP: enough that a GPU beats a CPU and a software adapter does not.
 * Written by scripts/fixtures/probe-graph.py.
 */
export const PROBE_GRAPH = Buffer.from(
  'CAg6hgEKEgoBYQoBYhICYWIiBk1hdE11bAoUCgJhYgoBYhIDYWJiIgZNYXRNdWwKDgoDYWJiEgF5IgRSZWx1EgVwcm9iZVoVCgFhEhAKDggBEgoKAwiAAgoDCIAEWhUKAWISEAoOCAESCgoDCIAECgMIgARiFQoBeRIQCg4IARIKCgMIgAIKAwiABEIECgAQEQ==',
  'base64',
);
export const PROBE_SHAPES = { a: [256, 512], b: [512, 512] } as const;
