import type { EventEmitter } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import type { AnalysisState } from './events/contract/v1/types.ts';
import type { AttachOptions, EmotionObserver } from './observer/EmotionObserverTypes.ts';

export type ProviderName = 'auto' | 'cuda' | 'tensorrt' | 'webgpu' | 'cpu';

/** What the plugin says to the host's log: a message and plain facts, never a name, a word or a score. */
export interface Logger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface UtteranceOptions {
  /** Silence that ends an utterance. @default 600 */
  silenceMs: number;
  /** Longest utterance; split at its quietest point. @default 12000 */
  maxMs: number;
  /** Shorter bursts are no utterance. @default 250 */
  minMs: number;
  /** How long a closed utterance waits for its final words. @default 1500 */
  transcriptGraceMs: number;
  /** How often an open utterance gives an interim result; 0 for never. @default 3000 */
  interimMs: number;
}

export interface UndertoneOptions {
  /** Execution provider. @default 'auto' */
  provider?: ProviderName;
  /** Name of a model under `models/weights`, or a folder. @default 'open' */
  model?: string;
  utterance?: Partial<UtteranceOptions>;
  /** Face samples a second for each participant. @default 2 */
  videoFps?: number;
  /** Whether finals carry the words themselves. @default true */
  includeTranscript?: boolean;
  /** Threads for the model. @default 1 */
  inferenceThreads?: number;
  /** Durable events kept per room for `since`. @default 1000 */
  historySize?: number;
  logger?: Logger;
}

export interface AnalyzerStats {
  /** Process id of the analyzer; undefined while it is down. */
  pid?: number;
  restarts: number;
  cpuPercent: number;
  rssBytes: number;
  tracks: number;
  overloadLevel: number;
  dropped: { interims: number; frames: number; windows: number };
  provider?: string;
  providerReason?: string;
  model?: { id: string; version: string };
}

export type UndertoneEvents = { state: [AnalysisState, reason?: string] };

export interface Undertone extends EventEmitter<UndertoneEvents> {
  readonly closed: boolean;
  readonly state: AnalysisState;
  readonly observers: ReadonlyMap<string, EmotionObserver>;
  /**
   * Watches a router. Nothing is analysed until a participant consents.
   * @throws TypeError for a bad option, naming it
   */
  attachRouter(router: mediasoup.Router, options: AttachOptions): Promise<EmotionObserver>;
  stats(): AnalyzerStats;
  /** Label sets that the model ships. */
  labelSets(): { id: string; kind: string; labels: string[] }[];
  close(): Promise<void>;
}
