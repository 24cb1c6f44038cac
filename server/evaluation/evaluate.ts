import { access } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { readManifest } from '../../plugin/analyzer/inference/index.ts';
import { modelDir } from '../../plugin/paths.ts';
import { EvaluationError } from './EvaluationError.ts';
import { forEachLimited } from './for-each-limited.ts';
import { cellOf, MEDIA_COLUMNS, type Item, type MediaColumn } from './items/Item.ts';
import { readItems } from './items/read-items.ts';
import { hasSeveralLabels, truthOf } from './items/truth.ts';
import { BadItemError, ITEMS_AT_ONCE, ItemScorer } from './ItemScorer.ts';
import { labelTask } from './label-task.ts';
import type { FaceMode } from './media/FaceCutter.ts';
import { fileError, readFile } from './media/read-file.ts';
import { figuresOf, guessOf, type Figures, type Prediction } from './report.ts';

export interface EvaluationOptions {
  /** The items file; paths in it start from its folder. */
  readonly file: string;
  /** The name of a shipped set, or labels. */
  readonly labels: string | readonly string[];
  /** Default: multi where an item has several labels. */
  readonly labelKind?: 'single' | 'multi';
  /** A model under models/weights, or a folder. */
  readonly model: string;
  readonly provider: string;
  /** Threads inside one operator, on the CPU. Default: one a core. */
  readonly threads?: number;
  readonly faces: FaceMode;
  /** Most rows to take. */
  readonly limit?: number;
  /** Leave out items whose files cannot be used, instead of ending. */
  readonly skipBad: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  /** Hears which item was left out and why. */
  readonly onSkip?: (reason: string) => void;
}

export interface Evaluation {
  readonly report: Figures & {
    readonly kind: 'single' | 'multi' | 'ordinal';
    readonly labelSet: { readonly id: string; readonly hash: string };
    readonly model: { readonly id: string; readonly version: string; readonly provider: string };
    /** Items that have each modality. */
    readonly modalities: Readonly<Record<MediaColumn, number>>;
    /** Pictures cut out around a face that was detected, and pictures taken whole. */
    readonly faces?: { readonly detected: number; readonly whole: number };
    /** Items left out because a file of theirs cannot be used. */
    readonly skipped: number;
  };
  readonly names: readonly string[];
  /** In the order of the file. */
  readonly predictions: readonly Prediction[];
}

/**
 * Measures a model on labelled items, in the runtime and by the preprocessing of a live call.
 *
 * @throws EvaluationError where the items file, the labels or, without `skipBad`, a file of an item cannot be used
 * @throws InferenceError where provider, model or labels cannot be used
 */
export async function evaluate(options: EvaluationOptions): Promise<Evaluation> {
  const { file, faces, provider, skipBad, onProgress, onSkip } = options;
  const items = await atFile(file, async () => readItems(await readFile(file), options.limit));
  const folder = modelDir(options.model);
  const manifest = await readManifest(folder);
  const severalLabels = hasSeveralLabels(items);
  const task = labelTask(manifest, { labels: options.labels, kind: options.labelKind, severalLabels });
  const truths = await atFile(file, async () => new Map(items.map((item) => [item, truthOf(item, task)])));
  const itemsFolder = path.dirname(path.resolve(file));
  if (!skipBad) await atFile(file, () => checkFiles(items, itemsFolder));

  const scorer = await ItemScorer.open(task, {
    modelDir: folder,
    manifest,
    provider,
    threads: options.threads ?? availableParallelism(),
    faces,
    pictures: items.some(({ image }) => image !== undefined),
    folder: itemsFolder,
  });
  const predictions: Prediction[] = [];
  let done = 0;
  let skipped = 0;
  const score = async (item: Item) => {
    try {
      const scores = await scorer.score(item);
      predictions.push({ item, truth: truths.get(item)!, guess: guessOf(scores, task), scores });
    } catch (error) {
      if (!skipBad || !(error instanceof BadItemError)) throw error;
      skipped++;
      onSkip?.(error.message);
    }
    onProgress?.(++done, items.length);
  };
  try {
    onProgress?.(0, items.length);
    // Texts of like length come into a batch together, where the shorter are filled up to the longest.
    const inOrder = items.toSorted((a, b) => (a.text?.length ?? 0) - (b.text?.length ?? 0));
    await atFile(file, () => forEachLimited(inOrder, ITEMS_AT_ONCE, score));
  } finally {
    await scorer.close();
  }
  predictions.sort((a, b) => a.item.row - b.item.row);
  if (predictions.length === 0) throw new EvaluationError(`${file}: none of the ${skipped} items can be used`);
  if (predictions.every(({ truth }) => truth.labels.length === 0)) {
    throw new EvaluationError(`${file}: no item has a label, so there is nothing to measure`);
  }
  const { model, provider: used } = scorer.info;
  const count = (column: MediaColumn) => predictions.filter(({ item }) => item[column] !== undefined).length;
  const report = {
    ...figuresOf(predictions, task),
    kind: task.multi ? ('multi' as const) : task.values ? ('ordinal' as const) : ('single' as const),
    labelSet: { id: task.set.id, hash: task.set.hash },
    model: { id: model.id, version: model.version, provider: used },
    modalities: { audio: count('audio'), image: count('image'), text: count('text') },
    ...(scorer.faceCounts && { faces: scorer.faceCounts }),
    skipped,
  };
  return { report, names: task.names, predictions };
}

/** Finds files that are not there before the model begins, not after minutes of work. */
async function checkFiles(items: readonly Item[], folder: string): Promise<void> {
  await forEachLimited(items, ITEMS_AT_ONCE, async (item) => {
    for (const column of MEDIA_COLUMNS) {
      const value = item[column];
      if (column === 'text' || value === undefined) continue;
      try {
        await access(path.resolve(folder, value));
      } catch (error) {
        throw new BadItemError(`${cellOf(item, column, value)}: ${(fileError(error) as Error).message}`);
      }
    }
  });
}

/** Names the items file in what is wrong with it. */
async function atFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EvaluationError) throw new EvaluationError(`${file}: ${error.message}`);
    throw error;
  }
}
