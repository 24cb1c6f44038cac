import { EventEmitter } from 'node:events';
import { Batcher, type BatcherOptions, type Done, type SubmitOptions } from './batcher.ts';
import { checkFace, checkPcm, checkText, checkTokens } from './check-input.ts';
import type {
  EncodeOptions,
  FuseOptions,
  FusionResult,
  InferenceClientOptions,
  InferenceEvents,
  InferenceInfo,
  InferenceState,
  InferenceStats,
} from './client-types.ts';
import { InferenceError, InferenceThreadLostError, invalidInput } from './errors.ts';
import type { TokenSequence } from './fuse.ts';
import type { Work, WorkKind } from './inference-thread-protocol.ts';
import { labelSetInfo, type LabelSetDefinition, type LabelSetInfo } from './label-set.ts';
import type { LabelSetSpec } from './label-spec.ts';
import type { Manifest } from './manifest.ts';
import { DEFAULT_OVERLOAD } from './overload.ts';
import { resolveLabelSet } from './resolve-labels.ts';
import { selectFaces } from './select-faces.ts';
import { InferenceSupervisor } from './supervisor.ts';
import type { AudioTokens, FaceTokens, TextTokens } from './tokens.ts';

const MAX_BATCH: BatcherOptions['maxBatch'] = { text: 8, audio: 8, face: 8, fuse: 8, labels: 1 };
const CAPACITY: BatcherOptions['capacity'] = { final: 256, stream: 256, interim: 64 };

/**
 * Inference as the rest of the analyzer sees it: checked requests in, promises out, while the ONNX sessions live in a
 * thread or, on a GPU, in a process of their own. A lost thread is started again; what was with it is rejected with
 * InferenceThreadLostError (`retryable`), what waited goes on.
 *
 * Inputs are copied, so callers keep their buffers.
 */
export class InferenceClient extends EventEmitter<InferenceEvents> {
  readonly #batcher: Batcher;
  readonly #labelSets = new Map<string, LabelSetDefinition>();
  /** Defined at run time, so unknown to a new thread. */
  readonly #custom = new Map<string, LabelSetDefinition>();
  readonly #supervisor: InferenceSupervisor;
  #held = false;

  constructor(options: InferenceClientOptions) {
    super();
    const { threads = 1 } = options;
    if (!Number.isInteger(threads) || threads < 1 || threads > 256) {
      throw invalidInput(`threads: ${threads} is not allowed; use a whole number from 1 to 256.`);
    }
    this.#batcher = new Batcher({
      execute: (kind, requests) => this.#execute(kind, requests),
      maxBatch: { ...MAX_BATCH, ...options.maxBatch },
      capacity: { ...CAPACITY, ...options.capacity },
      overload: { ...DEFAULT_OVERLOAD, ...options.overload },
      onOverload: (report) => this.emit('overload', report),
    });
    this.#batcher.pause();
    this.#supervisor = new InferenceSupervisor(options, () => this.#custom.values(), {
      onState: (state, reason) => {
        if (state === 'ready' && !this.#held) this.#batcher.resume();
        else this.#batcher.pause();
        this.emit('state', state, reason);
      },
      onGivenUp: (error) => this.#batcher.close(error),
    });
  }

  get state(): InferenceState {
    return this.#supervisor.state;
  }

  /** @throws {InferenceError} `closed` before `start` has resolved */
  get info(): InferenceInfo {
    const { host, opened, choice, isolation } = this.#supervisor.life;
    const { id, version, tier, licence, text, audio, vision, defaultLabelSet, sentimentLabelSet } = opened.manifest;
    return {
      model: { id, version, tier, licence },
      provider: choice.provider,
      why: choice.why,
      isolation,
      pid: host.pid,
      text: { maxTokens: text.maxTokens, contextTurns: text.contextTurns },
      audio: { sampleRate: audio.sampleRate, chunkSamples: audio.chunkSamples, maxChunks: audio.maxChunks },
      vision: { size: vision.size, cropScale: vision.cropScale, maxFaces: vision.maxFaces },
      labelSets: [...this.#labelSets.values()].map(labelSetInfo),
      defaultLabelSet,
      sentimentLabelSet,
    };
  }

  /**
   * Chooses the provider and opens the model.
   *
   * @throws {InferenceError} `provider-unavailable` or `model-folder`; each message is one sentence that says what to do
   */
  async start(): Promise<InferenceInfo> {
    const { opened } = await this.#supervisor.start();
    for (const set of opened.labelSets) this.#labelSets.set(set.id, set);
    return this.info;
  }

  /** @param text the words of an utterance; beyond `info.text.maxTokens` they are left out */
  async encodeText(text: string, { key, priority = 'final' }: EncodeOptions = {}): Promise<TextTokens> {
    this.#manifest();
    checkText(text);
    return (await this.#submit('text', text, { key, priority })).result;
  }

  /**
   * @param key whose speech it is, for `discard`
   * @param pcm at most `info.audio.chunkSamples` samples at 16 kHz, -1..1
   */
  async encodeAudio(
    key: string,
    pcm: Float32Array,
    { priority = 'stream' }: Pick<EncodeOptions, 'priority'> = {},
  ): Promise<AudioTokens> {
    checkPcm(pcm, this.#manifest());
    return (await this.#submit('audio', new Float32Array(pcm), { key, priority })).result;
  }

  /** @param pixels a square face crop, `info.vision.size` pixels wide, RGB */
  async encodeFace(pixels: Uint8Array, { key, priority = 'stream' }: EncodeOptions = {}): Promise<FaceTokens> {
    checkFace(pixels, this.#manifest());
    return (await this.#submit('face', new Uint8Array(pixels), { key, priority })).result;
  }

  /**
   * Makes a label set usable in `fuse`: labels are embedded through the label encoder, so any words will do. A string is
   * the id of a set that is there already; the names of a shipped set are that set.
   *
   * @throws {InferenceError} `invalid-input`, naming the field
   */
  async defineLabels(spec: LabelSetSpec | string): Promise<LabelSetInfo> {
    if (typeof spec === 'string') return labelSetInfo(this.#labelSet(spec));
    const definition = resolveLabelSet(spec, this.#manifest());
    await this.#submit('labels', definition, { priority: 'final' });
    this.#labelSets.set(definition.id, definition);
    this.#custom.set(definition.id, definition);
    return labelSetInfo(definition);
  }

  /** Scores an utterance from what was encoded of it, in any subset of the modalities. */
  async fuse(options: FuseOptions): Promise<FusionResult> {
    const manifest = this.#manifest();
    const set = this.#labelSet(options.labelSetId ?? manifest.defaultLabelSet);
    const text = options.text?.count ? [options.text] : [];
    checkTokens('text', text, manifest);
    checkTokens('audio', options.audio ?? [], manifest);
    checkTokens('vision', options.vision?.map((face) => face.tokens) ?? [], manifest);
    const audio = (options.audio ?? []).filter((chunk) => chunk.count > 0).slice(-manifest.audio.maxChunks);
    const vision = selectFaces(options.vision ?? [], manifest.vision.maxFaces).map((face) => face.tokens);
    const request = {
      text: concatenate(text),
      audio: concatenate(audio),
      vision: concatenate(vision),
      labelSetId: set.id,
      wantSentiment: options.wantSentiment ?? false,
      wantDimensions: options.wantDimensions ?? false,
    };
    const { result, timing } = await this.#submit('fuse', request, {
      priority: options.priority ?? 'final',
      key: options.key,
    });
    const used = { textTokens: text[0]?.count ?? 0, audioChunks: audio.length, faces: vision.length };
    return { ...result, labelSet: labelSetInfo(set), used, timing };
  }

  /** Rejects all work under a key with `discarded`, waiting or running: for withdrawn consent. */
  discard(key: string): void {
    this.#batcher.discard(key);
  }

  stats(): InferenceStats {
    return { ...this.#batcher.stats(), state: this.state, restarts: this.#supervisor.restarts };
  }

  /**
   * Lets work gather until `release`, so that all of a moment goes in the fewest batches, the same ones in every run. It is for
   * those who do not wait on a clock.
   */
  hold(): void {
    this.#held = true;
    this.#batcher.pause();
  }

  release(): void {
    this.#held = false;
    if (this.state === 'ready') this.#batcher.resume();
  }

  /** Resolves when all work that was handed in is done. */
  drain(): Promise<void> {
    return this.#batcher.idle();
  }

  /** Rejects what waits, lets the running batch finish, releases the model. Call `drain` first to lose nothing. */
  close(): Promise<void> {
    this.#batcher.close(new InferenceError('closed', 'Inference was closed.'));
    return this.#supervisor.close(() => this.#batcher.idle());
  }

  #submit<K extends WorkKind>(kind: K, request: Work[K]['request'], options: SubmitOptions): Promise<Done<K>> {
    return this.#batcher.submit(kind, request, options);
  }

  async #execute<K extends WorkKind>(kind: K, requests: readonly Work[K]['request'][]) {
    try {
      return await this.#supervisor.life.host.run(kind, requests);
    } catch (error) {
      // Before the next batch is taken: what waits is kept for the next thread.
      if (error instanceof InferenceThreadLostError) this.#batcher.pause();
      throw error;
    }
  }

  #manifest(): Manifest {
    return this.#supervisor.life.opened.manifest;
  }

  #labelSet(id: string): LabelSetDefinition {
    const set = this.#labelSets.get(id);
    if (set) return set;
    throw invalidInput(`labels: '${id}' is no label set; there are ${[...this.#labelSets.keys()].join(', ')}.`);
  }
}

/** One sequence of copies; undefined where there is nothing. */
function concatenate(parts: readonly { count: number; data: Float32Array }[]): TokenSequence | undefined {
  if (parts.length === 0) return undefined;
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part.data, offset);
    offset += part.data.length;
  }
  return { count: parts.reduce((sum, part) => sum + part.count, 0), data };
}
