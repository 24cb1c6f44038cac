import type { AudioTokens, FaceTokens, FusionResult, InferenceClient, TextTokens } from './inference/index.ts';
import type { UtteranceResult } from './protocol.ts';
import type { Utterance } from './utterance/index.ts';

export type EncodedUtterance = Utterance<AudioTokens, FaceTokens, TextTokens>;

export interface ScoreOptions {
  kind: 'interim' | 'final';
  revision: number;
  labelSetId: string;
  /** Whose it is, so that it can be dropped when consent is withdrawn. */
  key: string;
  /** Wall ms; a recording's clock in its place. */
  now: () => number;
}

/**
 * Fuses what was encoded of an utterance into a result. All that is left to do when somebody stops speaking.
 *
 * @throws InferenceError when inference gave it up (overload, withdrawn consent, lost thread)
 */
export async function scoreUtterance(
  client: InferenceClient,
  utterance: EncodedUtterance,
  { kind, revision, labelSetId, key, now }: ScoreOptions,
): Promise<UtteranceResult> {
  const fused = await client.fuse({
    text: utterance.text,
    audio: utterance.audio,
    vision: utterance.vision,
    labelSetId,
    wantSentiment: true,
    // Interim results come often and are soon replaced, and the dimensions cost a row of their own.
    wantDimensions: kind === 'final',
    priority: kind,
    key,
  });
  const { utteranceId, span, trigger, modalities, transcript } = utterance;
  return {
    utteranceId,
    revision,
    trigger: kind === 'interim' ? 'interval' : trigger,
    span,
    labels: [...fused.labels],
    labelSet: { id: fused.labelSet.id, hash: fused.labelSet.hash, kind: fused.labelSet.kind },
    sentiment: fused.sentiment ?? 0,
    ...(fused.dimensions && { dimensions: fused.dimensions }),
    confidence: fused.confidence,
    ...(fused.abstained && { abstained: fused.abstained }),
    modalities,
    ...(transcript && { transcript }),
    timing: timingOf(fused, Math.max(0, now() - span.endMs)),
  };
}

function timingOf({ timing }: FusionResult, endToEndMs: number): UtteranceResult['timing'] {
  const round = (ms: number) => Math.round(ms * 10) / 10;
  return {
    queuedMs: round(timing.queuedMs),
    inferMs: round(timing.inferMs),
    endToEndMs: round(endToEndMs),
    batch: timing.batch,
  };
}
