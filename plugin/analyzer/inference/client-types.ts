import type { BatcherOptions, BatcherStats, Timing } from './batcher.ts';
import type { FusionScores } from './fuse.ts';
import type { LabelSetInfo } from './label-set.ts';
import type { Manifest } from './manifest.ts';
import type { OverloadOptions, OverloadReport } from './overload.ts';
import type { Provider } from './providers.ts';
import type { Priority } from './request-queue.ts';
import type { Isolation } from './thread-handle.ts';
import type { AudioTokens, FaceObservation, TextTokens } from './tokens.ts';

export interface InferenceClientOptions {
  /** Folder of the model, with its manifest.json. */
  readonly modelDir: string;
  /** Default `auto`. */
  readonly provider?: string;
  /** Threads inside one operator, on the CPU. Default 1. */
  readonly threads?: number;
  /** Default: a thread for the CPU, a process of its own for a GPU. */
  readonly isolation?: Isolation;
  readonly maxBatch?: Partial<BatcherOptions['maxBatch']>;
  readonly capacity?: Partial<BatcherOptions['capacity']>;
  readonly overload?: Partial<OverloadOptions>;
  /** Opening that takes longer has hung; GPU providers may compile for minutes. Default 300000. */
  readonly openTimeoutMs?: number;
  /** A run that takes longer has hung. Default 30000. */
  readonly runTimeoutMs?: number;
  /** First wait before a lost thread is started again; doubles with each try. Default 250. */
  readonly restartDelayMs?: number;
  /** Lives without a minute of peace in between after which it is given up. Default 6. */
  readonly maxRestarts?: number;
  /** The thread's entry file, for bundlers that move it. */
  readonly entry?: URL;
}

export interface InferenceInfo {
  readonly model: Pick<Manifest, 'id' | 'version' | 'tier' | 'licence'>;
  readonly provider: Provider;
  /** Why this provider was chosen. */
  readonly why: string;
  readonly isolation: Isolation;
  /** Of the inference process, where it has one. */
  readonly pid: number | undefined;
  readonly text: Pick<Manifest['text'], 'maxTokens' | 'contextTurns'>;
  readonly audio: Pick<Manifest['audio'], 'sampleRate' | 'chunkSamples' | 'maxChunks'>;
  readonly vision: Pick<Manifest['vision'], 'size' | 'cropScale' | 'maxFaces'>;
  readonly labelSets: readonly LabelSetInfo[];
  readonly defaultLabelSet: string;
  readonly sentimentLabelSet: string;
}

/** `degraded` while a lost thread is started again; `failed` when that was given up. */
export type InferenceState = 'new' | 'starting' | 'ready' | 'degraded' | 'failed' | 'closed';

export interface InferenceEvents {
  state: [state: InferenceState, reason: string];
  overload: [report: OverloadReport];
}

export interface EncodeOptions {
  /** Whose work it is, for `discard`. */
  readonly key?: string;
  readonly priority?: Priority;
}

/** One utterance. A modality that is missing is left out or empty. */
export interface FuseOptions {
  readonly text?: TextTokens;
  /** In the order of time; the latest `audio.maxChunks` count. */
  readonly audio?: readonly AudioTokens[];
  /** In any order; `vision.maxFaces` of good quality, spread over time, count. */
  readonly vision?: readonly FaceObservation[];
  /** Default: the model's default set. */
  readonly labelSetId?: string;
  readonly wantSentiment?: boolean;
  /** Gives `dimensions`, where the model has a set for them. */
  readonly wantDimensions?: boolean;
  /** Default `final`. */
  readonly priority?: 'final' | 'interim';
  readonly key?: string;
}

export interface FusionResult extends FusionScores {
  readonly labelSet: LabelSetInfo;
  /** What the result rests on. */
  readonly used: { readonly textTokens: number; readonly audioChunks: number; readonly faces: number };
  readonly timing: Timing;
}

export interface InferenceStats extends BatcherStats {
  readonly state: InferenceState;
  readonly restarts: number;
}
