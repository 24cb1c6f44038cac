import type { EventEmitter } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import type { AuditOptions, AuditTrail } from './consent/audit/AuditTypes.ts';
import type { PurposeOptions } from './consent/purpose.ts';
import type { AnalysisState } from './events/contract/v1/types.ts';
import type { AggregateOptions } from './observer/aggregate/Aggregator.ts';
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
  /**
   * Shorter bursts are an utterance only with a voice in them ("mhm") or with words; coughs and knocks are none. A voice
   * must last for about a third of this. @default 250
   */
  minMs: number;
  /** How long a closed utterance waits for its final words. @default 1500 */
  transcriptGraceMs: number;
  /** How often an open utterance gives an interim result; 0 for never. @default 3000 */
  interimMs: number;
}

/** Speech recognition in the analyzer, for those who consent to `audio` and `text`. */
export interface TranscriptOptions {
  /**
   * `sherpa-onnx` streams, with npm `sherpa-onnx-node` and a model of yours; `pocketsphinx` is Debian's, English only and
   * no more than a makeshift. @default 'none'
   */
  recogniser: 'none' | 'sherpa-onnx' | 'pocketsphinx';
  /** Folder of the recogniser's model; `sherpa-onnx` needs one. */
  model?: string;
  /** BCP 47: what the model understands. */
  lang?: string;
  /** Threads of sherpa-onnx. @default 1 */
  threads: number;
}

/** A rule that raises alerts. One of `above` and `below` is needed, and `label` with the measure `label`. */
export interface AlertRuleOptions {
  /** Its name: 1 to 80 of a-z, A-Z, 0-9, _ and -. */
  id: string;
  /** One participant's own results, or means over the room. */
  about: 'self' | 'aggregate';
  measure: 'label' | 'sentiment' | 'valence' | 'arousal' | 'dominance';
  label?: string;
  /** The value has to reach this: p and dimensions go from 0 to 1, sentiment from -3 to 3. */
  above?: number;
  /** The value has to be no more than this. */
  below?: number;
  /** How far the value has to come back for the alert to end. @default 0.1 of p, 0.05 of a dimension, 0.5 of sentiment */
  margin?: number;
  /** Results in a row. @default 3 */
  minResults?: number;
  /** Time from the beginning of the first to the end of the last. @default 0 */
  minMs?: number;
  /** Results further apart than this are not in a row, and an alert ends when none comes for so long. @default 300000 */
  maxGapMs?: number;
  /** Quiet after an alert has ended. @default 300000 */
  coolDownMs?: number;
  /** Only in these rooms. @default all */
  rooms?: string[];
}

export interface UndertoneOptions {
  /** Execution provider. @default 'auto' */
  provider?: ProviderName;
  /** Name of a model under `models/weights`, or a folder. @default 'open' */
  model?: string;
  utterance?: Partial<UtteranceOptions>;
  transcript?: Partial<TranscriptOptions>;
  /** Face samples a second for each participant. @default 2 */
  videoFps?: number;
  /** Whether finals carry the words themselves. @default true */
  includeTranscript?: boolean;
  /** Threads for the model. @default 1 */
  inferenceThreads?: number;
  /** Durable events kept per room for `since`. @default 1000 */
  historySize?: number;
  /**
   * Means over a room: over more than `k` people, every `intervalMs` (0 for never).
   * @default { k: 5, intervalMs: 30000 }
   */
  aggregate?: Partial<AggregateOptions>;
  /** Rules that raise `alert` events: docs/alerts.md. @default none */
  alerts?: readonly AlertRuleOptions[];
  /**
   * What the results are for, where, and under which law; some purposes are refused.
   * @default { use: 'demo', context: 'private', jurisdiction: 'none' }
   */
  purpose?: PurposeOptions;
  /** Where it is written down who consented to what. @default in memory */
  audit?: AuditOptions;
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
  /** Who did what when: consent, subscriptions, exports, erasures. */
  readonly audit: AuditTrail;
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
