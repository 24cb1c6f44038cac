import path from 'node:path';
import {
  InferenceClient,
  InferenceError,
  UNHURRIED,
  type AudioTokens,
  type FaceObservation,
  type InferenceInfo,
  type Manifest,
  type TextTokens,
} from '../../plugin/analyzer/inference/index.ts';
import { createFaceDetector, type FaceDetector } from '../../plugin/analyzer/media/index.ts';
import { DETECTORS_DIR } from '../../plugin/paths.ts';
import { EvaluationError } from './EvaluationError.ts';
import { cellOf, type Item, type MediaColumn } from './items/Item.ts';
import type { LabelTask } from './label-task.ts';
import { FaceCutter, type FaceMode } from './media/FaceCutter.ts';
import { loadPictureDecoder, type PictureDecoder } from './media/picture-file.ts';
import { readFile } from './media/read-file.ts';
import { speechChunks } from './media/speech-chunks.ts';
import { decodeSpeech } from './media/speech-file.ts';

const MAX_BATCH = 32;
/**
 * Items under way at once: while a batch is with the model the next one is read and decoded. What they hold is bounded
 * by it, a dozen seconds of sound and a picture each.
 */
export const ITEMS_AT_ONCE = 2 * MAX_BATCH;
/** Requests that may wait: sound comes in a dozen chunks an item. Nothing is shed, an item that waits holds up others. */
const CAPACITY = 16 * ITEMS_AT_ONCE;

export interface ScorerOptions {
  readonly modelDir: string;
  readonly manifest: Manifest;
  readonly provider: string;
  /** Threads inside one operator, on the CPU. */
  readonly threads: number;
  readonly faces: FaceMode;
  /** Whether an item has a picture. */
  readonly pictures: boolean;
  /** Folder that the paths of items start from. */
  readonly folder: string;
}

export interface ItemScores {
  /** Of each label of the task, in its order. */
  readonly probabilities: readonly number[];
  /** Expected value, of an ordinal set. */
  readonly score?: number;
}

/** An item cannot be scored: it may be left out, others can. */
export class BadItemError extends EvaluationError {}

/** Scores items with a model, as the live path would score an utterance of the same sound, face and words. */
export class ItemScorer {
  readonly info: InferenceInfo;
  readonly #client: InferenceClient;
  readonly #task: LabelTask;
  readonly #labelSetId: string;
  readonly #folder: string;
  readonly #pictures: { decode: PictureDecoder; detector: FaceDetector; cutter: FaceCutter } | undefined;

  /**
   * Opens the model, and with pictures the face detector.
   *
   * @throws InferenceError where provider, model or labels cannot be used
   * @throws EvaluationError where pictures cannot be decoded on this machine
   */
  static async open(task: LabelTask, options: ScorerOptions): Promise<ItemScorer> {
    const { modelDir, manifest, provider, threads, faces, folder } = options;
    const decode = options.pictures ? await loadPictureDecoder() : undefined;
    const client = new InferenceClient({
      modelDir,
      provider,
      threads,
      overload: UNHURRIED,
      maxBatch: { text: MAX_BATCH, audio: MAX_BATCH, face: MAX_BATCH, fuse: MAX_BATCH },
      capacity: { final: CAPACITY, stream: CAPACITY },
    });
    try {
      const info = await client.start();
      const { id } = await client.defineLabels(task.spec);
      const detector = decode && (await createFaceDetector(path.join(DETECTORS_DIR, 'blazeface-256.onnx')));
      const pictures = detector && { decode, detector, cutter: new FaceCutter(detector, faces, manifest.vision) };
      return new ItemScorer({ client, info, task, labelSetId: id, folder, pictures });
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  private constructor(parts: {
    client: InferenceClient;
    info: InferenceInfo;
    task: LabelTask;
    labelSetId: string;
    folder: string;
    pictures: { decode: PictureDecoder; detector: FaceDetector; cutter: FaceCutter } | undefined;
  }) {
    this.info = parts.info;
    this.#client = parts.client;
    this.#task = parts.task;
    this.#labelSetId = parts.labelSetId;
    this.#folder = parts.folder;
    this.#pictures = parts.pictures;
  }

  /** How many pictures were cut out around a face, and how many taken whole. */
  get faceCounts(): FaceCutter['counts'] | undefined {
    return this.#pictures?.cutter.counts;
  }

  /** @throws BadItemError naming row, column and file, where a file cannot be read or decoded */
  async score(item: Item): Promise<ItemScores> {
    const [text, audio, vision] = await Promise.all([
      item.text === undefined ? undefined : this.#encodeText(item.text),
      item.audio === undefined ? undefined : this.#ofCell(item, 'audio', (file) => this.#encodeSpeech(file)),
      item.image === undefined ? undefined : this.#ofCell(item, 'image', (file) => this.#encodePicture(file)),
    ]);
    const fused = await this.#client.fuse({ text, audio, vision, labelSetId: this.#labelSetId });
    const byName = new Map(fused.labels.map(({ name, p }) => [name.toLowerCase(), p]));
    const probabilities = this.#task.names.map((name) => byName.get(name.toLowerCase())!);
    return { probabilities, ...(fused.score !== undefined && { score: fused.score }) };
  }

  async close(): Promise<void> {
    await this.#pictures?.detector.close();
    await this.#client.close();
  }

  #encodeText(text: string): Promise<TextTokens> {
    return this.#client.encodeText(text);
  }

  async #encodeSpeech(file: Uint8Array): Promise<AudioTokens[]> {
    const chunks = speechChunks(await decodeSpeech(file), this.info.audio.chunkSamples);
    return Promise.all(chunks.map((chunk) => this.#client.encodeAudio('', chunk)));
  }

  async #encodePicture(file: Uint8Array): Promise<FaceObservation[]> {
    const { decode, cutter } = this.#pictures!;
    const pixels = await cutter.cut(await decode(file));
    return [{ tokens: await this.#client.encodeFace(pixels), atMs: 0, quality: 1 }];
  }

  async #ofCell<T>(item: Item, column: MediaColumn, encode: (file: Uint8Array) => Promise<T>): Promise<T> {
    const value = item[column]!;
    try {
      return await encode(await readFile(path.resolve(this.#folder, value)));
    } catch (error) {
      // What the model refuses, such as sound far beyond full scale, is the file's fault as well.
      const refused = error instanceof InferenceError && error.code === 'invalid-input';
      if (!refused && !(error instanceof EvaluationError)) throw error;
      throw new BadItemError(`${cellOf(item, column, value)}: ${error.message}`);
    }
  }
}
