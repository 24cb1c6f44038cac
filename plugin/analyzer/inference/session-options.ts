import type { InferenceSession } from 'onnxruntime-node';
import { EXECUTION_PROVIDERS, type Provider } from './providers.ts';

/**
 * Options for a session on one provider alone: a list of providers does not fall back, so it would only blur what runs.
 *
 * @param threads threads inside one operator, on the CPU
 */
export function sessionOptions(provider: Provider, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: [EXECUTION_PROVIDERS[provider]],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Errors alone: warnings would go to stderr past the logger.
    logSeverityLevel: 3,
    // The decoders and the call itself share these cores, and a spinning thread takes them their time.
    extra: { session: { 'intra_op.allow_spinning': '0' } },
  };
}
