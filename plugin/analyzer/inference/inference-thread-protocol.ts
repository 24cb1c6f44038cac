/**
 * What the host of inference and its thread or child process say to each other. The host sends one `run` at a time and
 * waits for the `done` or `failed` with its id; buffers are handed over, not shared.
 */
import type { InferenceErrorCode } from './errors.ts';
import type { FusionRequest, FusionScores } from './fuse.ts';
import type { LabelSetDefinition } from './label-set.ts';
import type { Manifest } from './manifest.ts';
import type { Provider } from './providers.ts';
import type { AudioTokens, FaceTokens, TextTokens } from './tokens.ts';

/** The kinds of work, and what goes in and comes out of each. */
export interface Work {
  text: { request: string; result: TextTokens };
  /** Float32, -1..1, 16 kHz. */
  audio: { request: Float32Array<ArrayBuffer>; result: AudioTokens };
  /** RGB bytes. */
  face: { request: Uint8Array<ArrayBuffer>; result: FaceTokens };
  fuse: { request: FusionRequest; result: FusionScores };
  labels: { request: LabelSetDefinition; result: null };
}
export type WorkKind = keyof Work;
export const WORK_KINDS = ['text', 'audio', 'face', 'fuse', 'labels'] as const satisfies readonly WorkKind[];

export interface OpenMessage {
  readonly type: 'open';
  readonly modelDir: string;
  readonly provider: Provider;
  readonly threads: number;
}

export interface RunMessage<K extends WorkKind = WorkKind> {
  readonly type: 'run';
  readonly id: number;
  readonly kind: K;
  readonly requests: readonly Work[K]['request'][];
}

export type ToThread = OpenMessage | { [K in WorkKind]: RunMessage<K> }[WorkKind] | { readonly type: 'close' };

export interface OpenedMessage {
  readonly type: 'opened';
  readonly manifest: Manifest;
  readonly labelSets: readonly LabelSetDefinition[];
}

export interface DoneMessage<K extends WorkKind = WorkKind> {
  readonly type: 'done';
  readonly id: number;
  /** One a request, in order. */
  readonly results: readonly Work[K]['result'][];
  readonly inferMs: number;
}

export interface FailedMessage {
  readonly type: 'failed';
  /** The run that failed; absent where opening did. */
  readonly id?: number;
  readonly error: { readonly code: InferenceErrorCode; readonly message: string };
}

export type FromThread = OpenedMessage | DoneMessage | FailedMessage | { readonly type: 'closed' };

/** The buffers inside a message, to be moved to the other thread instead of copied. */
export function buffersOf(message: ToThread | FromThread): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const visit = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
    } else if (value !== null && typeof value === 'object') {
      for (const inner of Object.values(value)) visit(inner);
    }
  };
  if (message.type === 'run') visit(message.requests);
  if (message.type === 'done') visit(message.results);
  return [...found];
}
