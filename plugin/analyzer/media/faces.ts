import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { SquareBox } from './crop.ts';
import { letterboxToRgb } from './crop.ts';
import type { VideoFrame } from './video-decoder.ts';

/** A face in a frame; pixels of that frame. The box may leave the picture. */
export interface Face {
  readonly box: FaceBox;
  /** The detector's confidence, 0..1. */
  readonly score: number;
}

export interface FaceBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface FaceDetectorOptions {
  /** Faces below this confidence are left out. @default 0.5 */
  readonly minScore?: number;
  /** Of two boxes whose intersection over union is above this, the better stays. @default 0.3 */
  readonly maxOverlap?: number;
}

export interface FaceDetector {
  /** Faces of the frame, best first. The frame is read before the first await: its memory may be reused at once. */
  detect(frame: VideoFrame): Promise<Face[]>;
  close(): Promise<void>;
}

const INPUT_SIZE = 256;
/** Values a row: centre x and y, width, height, then six key points that are not used. */
const BOX_VALUES = 16;

/** The two feature maps of BlazeFace (Bazarevsky et al. 2019): cells a side, anchors a cell. */
const GRIDS = [
  { cells: 16, anchorsPerCell: 2 },
  { cells: 8, anchorsPerCell: 6 },
] as const;

/**
 * Opens the BlazeFace detector on one thread.
 *
 * @param modelPath models/detectors/blazeface-256.onnx: input NHWC RGB 256x256, -1..1; boxes and scores for 512 and 384 anchors.
 * @throws Error when the file is missing or its outputs are not those of this detector.
 */
export async function createFaceDetector(modelPath: string, options: FaceDetectorOptions = {}): Promise<FaceDetector> {
  const session = await InferenceSession.create(modelPath, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    extra: { session: { 'intra_op.allow_spinning': '0' } },
  });
  for (const { cells, anchorsPerCell } of GRIDS) {
    const anchors = cells * cells * anchorsPerCell;
    outputName(session, anchors, BOX_VALUES);
    outputName(session, anchors, 1);
  }
  return new BlazeFace(session, options.minScore ?? 0.5, options.maxOverlap ?? 0.3);
}

class BlazeFace implements FaceDetector {
  readonly #session: InferenceSession;
  readonly #minScore: number;
  readonly #maxOverlap: number;
  readonly #pixels = new Uint8Array(INPUT_SIZE * INPUT_SIZE * 3);

  constructor(session: InferenceSession, minScore: number, maxOverlap: number) {
    this.#session = session;
    this.#minScore = minScore;
    this.#maxOverlap = maxOverlap;
  }

  async detect(frame: VideoFrame): Promise<Face[]> {
    const { scale, offsetX, offsetY } = letterboxToRgb(frame, INPUT_SIZE, this.#pixels);
    const input = new Float32Array(this.#pixels.length);
    for (let i = 0; i < input.length; i++) input[i] = this.#pixels[i]! / 127.5 - 1;
    const name = this.#session.inputNames[0] ?? 'input';
    const outputs = await this.#session.run({ [name]: new Tensor('float32', input, [1, INPUT_SIZE, INPUT_SIZE, 3]) });
    const found = GRIDS.flatMap((grid) => this.#readGrid(grid.cells, grid.anchorsPerCell, outputs));
    const kept = suppress(found, this.#maxOverlap);
    return kept.map(({ box, score }) => ({
      score,
      box: {
        x: (box.x - offsetX) / scale,
        y: (box.y - offsetY) / scale,
        width: box.width / scale,
        height: box.height / scale,
      },
    }));
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  /** Faces of one feature map, in pixels of the detector's square. The outputs are told apart by their shapes. */
  #readGrid(cells: number, anchorsPerCell: number, outputs: InferenceSession.OnnxValueMapType): Face[] {
    const anchors = cells * cells * anchorsPerCell;
    const boxes = outputs[outputName(this.#session, anchors, BOX_VALUES)]?.data as Float32Array;
    const scores = outputs[outputName(this.#session, anchors, 1)]?.data as Float32Array;
    const faces: Face[] = [];
    for (let anchor = 0; anchor < anchors; anchor++) {
      const score = 1 / (1 + Math.exp(-scores[anchor]!));
      if (!(score >= this.#minScore)) continue;
      const cell = Math.floor(anchor / anchorsPerCell);
      const anchorX = (((cell % cells) + 0.5) / cells) * INPUT_SIZE;
      const anchorY = ((Math.floor(cell / cells) + 0.5) / cells) * INPUT_SIZE;
      const row = anchor * BOX_VALUES;
      const width = boxes[row + 2]!;
      const height = boxes[row + 3]!;
      if (!(width > 0) || !(height > 0)) continue;
      const x = anchorX + boxes[row]! - width / 2;
      const y = anchorY + boxes[row + 1]! - height / 2;
      faces.push({ score, box: { x, y, width, height } });
    }
    return faces;
  }
}

/** @throws Error when the model has no such output. */
function outputName(session: InferenceSession, anchors: number, values: number): string {
  const output = session.outputMetadata.find(
    (meta) => meta.isTensor && meta.type === 'float32' && meta.shape[1] === anchors && meta.shape[2] === values,
  );
  if (output === undefined) {
    throw new Error(
      `The face detector has no float output of ${anchors}x${values}: use models/detectors/blazeface-256.onnx.`,
    );
  }
  return output.name;
}

/** Greedy non-maximum suppression. */
function suppress(faces: Face[], maxOverlap: number): Face[] {
  const kept: Face[] = [];
  for (const face of faces.sort((a, b) => b.score - a.score)) {
    if (kept.every((better) => overlap(better.box, face.box) <= maxOverlap)) kept.push(face);
  }
  return kept;
}

/** Intersection over union. */
function overlap(a: FaceBox, b: FaceBox): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/**
 * The face that a participant's tile is about: large and near the middle. Somebody who walks by behind is neither.
 * It looks at place and size only; faces are never compared or recognised.
 */
export function pickParticipantFace(faces: readonly Face[], frameWidth: number, frameHeight: number): Face | null {
  const diagonal = Math.hypot(frameWidth, frameHeight);
  let best: Face | null = null;
  let bestWeight = 0;
  for (const face of faces) {
    const { x, y, width, height } = face.box;
    const offCentre = Math.hypot(x + width / 2 - frameWidth / 2, y + height / 2 - frameHeight / 2) / diagonal;
    const weight = width * height * (1 - offCentre) * face.score;
    if (weight > bestWeight) {
      best = face;
      bestWeight = weight;
    }
  }
  return best;
}

/**
 * The square around a face that the model is given.
 *
 * @param scale Side of the square, as a multiple of the larger side of the box.
 * @param rise How far the square's centre lies above the box's, as a share of the square's side.
 */
export function squareAround(box: FaceBox, scale: number, rise = 0): SquareBox {
  const size = Math.max(box.width, box.height) * scale;
  return { x: box.x + box.width / 2 - size / 2, y: box.y + box.height / 2 - size * (0.5 + rise), size };
}
