import { embedPrompts, encodeAudioChunks, encodeFaces, encodeTexts, type EncoderContext } from './encode.ts';
import { InferenceError, messageOf } from './errors.ts';
import { fuse, type FusionContext, type FusionRequest, type FusionScores } from './fuse.ts';
import type { LabelSetDefinition } from './label-set.ts';
import { LabelSets } from './labels.ts';
import { readModelFolder, type ModelFolder } from './model-folder.ts';
import type { Manifest } from './manifest.ts';
import type { Provider } from './providers.ts';
import { openSessions } from './sessions.ts';
import { shapePolicy } from './shapes.ts';
import { WordPieceTokenizer } from './tokenizer.ts';
import type { AudioTokens, FaceTokens, TextTokens } from './tokens.ts';

export interface EngineOptions {
  readonly modelDir: string;
  readonly provider: Provider;
  readonly threads: number;
}

/**
 * A model opened on one provider. Each call is one batch and blocks the calling thread while it runs; inputs are
 * expected to be checked (`InferenceClient` does). One call at a time.
 */
export class InferenceEngine {
  readonly #context: EncoderContext & FusionContext;

  /**
   * Opens a model folder and runs each graph in the batch sizes that its provider must prepare for, so that the first
   * real requests do not pay for it.
   *
   * @throws {InferenceError} `model-folder`, or `run-failed` where the provider cannot run a graph
   */
  static async open({ modelDir, provider, threads }: EngineOptions): Promise<InferenceEngine> {
    const folder = await readModelFolder(modelDir);
    const { text, label = text } = folder.manifest;
    const tokenizer = openTokenizer(folder, text.maxTokens);
    const labelTokenizer = openTokenizer(folder, label.maxTokens);
    const sessions = await openSessions(folder, provider, threads);
    const encoder = { manifest: folder.manifest, sessions, tokenizer, labelTokenizer, shapes: shapePolicy(provider) };
    const labelSets = new LabelSets(folder, (prompts) => embedPrompts(encoder, prompts));
    const engine = new InferenceEngine({ ...encoder, labelSets });
    try {
      await engine.#warmUp();
    } catch (error) {
      await sessions.release();
      throw error;
    }
    return engine;
  }

  private constructor(context: EncoderContext & FusionContext) {
    this.#context = context;
  }

  get manifest(): Manifest {
    return this.#context.manifest;
  }

  get labelSets(): LabelSetDefinition[] {
    return this.#context.labelSets.definitions;
  }

  encodeTexts(texts: readonly string[]): Promise<TextTokens[]> {
    return encodeTexts(this.#context, texts);
  }

  encodeAudio(chunks: readonly Float32Array[]): Promise<AudioTokens[]> {
    return encodeAudioChunks(this.#context, chunks);
  }

  encodeFaces(crops: readonly Uint8Array[]): Promise<FaceTokens[]> {
    return encodeFaces(this.#context, crops);
  }

  fuse(requests: readonly FusionRequest[]): Promise<FusionScores[]> {
    return fuse(this.#context, requests);
  }

  defineLabels(definition: LabelSetDefinition): Promise<void> {
    return this.#context.labelSets.define(definition);
  }

  close(): Promise<void> {
    return this.#context.sessions.release();
  }

  async #warmUp(): Promise<void> {
    const { label, audio, vision, defaultLabelSet } = this.manifest;
    if (label) await embedPrompts(this.#context, ['hello']);
    for (const batch of this.#context.shapes.warmUp) {
      const repeated = <T>(item: T): T[] => Array.from({ length: batch }, () => item);
      const [text] = await this.encodeTexts(repeated('hello'));
      await this.encodeAudio(repeated(new Float32Array(audio.chunkSamples)));
      await this.encodeFaces(repeated(new Uint8Array(vision.size * vision.size * 3)));
      await this.fuse(repeated({ text: text!, labelSetId: defaultLabelSet, wantSentiment: false }));
    }
  }
}

function openTokenizer({ path, vocab, manifest }: ModelFolder, maxTokens: number): WordPieceTokenizer {
  try {
    return new WordPieceTokenizer(vocab, maxTokens);
  } catch (cause) {
    const what = `Model folder ${path}: ${manifest.text.vocab}: ${messageOf(cause)}.`;
    throw new InferenceError('model-folder', what, { cause });
  }
}
