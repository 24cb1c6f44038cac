import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InferenceError } from './errors.ts';
import { parseManifest, type Manifest } from './manifest.ts';

/** `label` may be missing: the text tower is the label encoder then. */
export const GRAPHS = ['text', 'label', 'audio', 'vision', 'fusion'] as const;
export type GraphName = (typeof GRAPHS)[number];

/** A model folder read into memory, complete and matching its manifest. */
export interface ModelFolder {
  readonly path: string;
  readonly manifest: Manifest;
  /** One token a line; the line number is the id. */
  readonly vocab: string;
  /** Rows of `manifest.labelDim` floats, one a label of the shipped sets. */
  readonly labelEmbeddings: Float32Array;
  /** Those that the manifest names, in the order of `GRAPHS`. */
  readonly graphs: ReadonlyMap<GraphName, Uint8Array>;
}

/**
 * Reads and checks a model folder: the manifest, the SHA-256 of each graph (over the same bytes that are then opened),
 * and the label embeddings.
 *
 * @throws {InferenceError} `model-folder`, one sentence that names the file and says what to do.
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const manifest = await readManifest(folder);
  const graphs = await Promise.all(
    GRAPHS.map(async (name) => {
      const entry = manifest[name];
      return entry && ([name, await readGraph(folder, entry)] as const);
    }),
  );
  const vocab = (await readModelFile(folder, manifest.text.vocab)).toString('utf8');
  const labelEmbeddings = readLabelEmbeddings(await readModelFile(folder, 'labels.bin'), manifest, folder);
  return { path: folder, manifest, vocab, labelEmbeddings, graphs: new Map(graphs.filter((g) => g !== undefined)) };
}

/** Reads and checks the manifest alone. @throws {InferenceError} `model-folder` */
export async function readManifest(folder: string): Promise<Manifest> {
  return parseManifest((await readModelFile(folder, 'manifest.json')).toString('utf8'), folder);
}

async function readGraph(folder: string, { file, sha256 }: Manifest['fusion']): Promise<Uint8Array> {
  const bytes = await readModelFile(folder, file);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) {
    throw wrong(
      folder,
      file,
      `its SHA-256 is ${actual.slice(0, 12)}… but the manifest says ${sha256.slice(0, 12)}…; the file is damaged or from another export, so copy the whole folder again`,
    );
  }
  return bytes;
}

function readLabelEmbeddings(bytes: Buffer, manifest: Manifest, folder: string): Float32Array {
  const rowBytes = manifest.labelDim * Float32Array.BYTES_PER_ELEMENT;
  const rows = Math.max(...manifest.labelSets.map((set) => set.offset + set.labels.length));
  if (bytes.byteLength % rowBytes !== 0 || bytes.byteLength < rows * rowBytes) {
    throw wrong(
      folder,
      'labels.bin',
      `it has ${bytes.byteLength} bytes where at least ${rows} rows of ${rowBytes} bytes are expected; export the model again`,
    );
  }
  const values = new Float32Array(bytes.byteLength / Float32Array.BYTES_PER_ELEMENT);
  for (let i = 0; i < values.length; i++) values[i] = bytes.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT);
  for (let row = 0; row < rows; row++) {
    const norm = Math.hypot(...values.subarray(row * manifest.labelDim, (row + 1) * manifest.labelDim));
    if (!(Math.abs(norm - 1) < 0.01)) {
      throw wrong(
        folder,
        'labels.bin',
        `row ${row} has length ${norm} where 1 is expected (L2-normalised); export the model again`,
      );
    }
  }
  return values;
}

async function readModelFile(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, file));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const what =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? 'the file is missing; give the path of a complete model folder, such as models/weights/open'
        : `it cannot be read (${code ?? 'unknown error'})`;
    throw new InferenceError('model-folder', `Model folder ${folder}: ${file}: ${what}.`, { cause });
  }
}

function wrong(folder: string, file: string, what: string): InferenceError {
  return new InferenceError('model-folder', `Model folder ${folder}: ${file}: ${what}.`);
}
