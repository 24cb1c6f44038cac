import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createFaceDetector,
  createVideoDecoder,
  pickParticipantFace,
} from '../../../../plugin/analyzer/media/index.ts';
import { readIvf, SAMPLE_MEDIA_DIR } from '../../../../server/sample/index.ts';

/** One picture as the page takes it. */
export interface Picture {
  /** Pixels. */
  width: number;
  height: number;
  /** Where the face has its centre, as a share of the width. */
  faceX: number;
  /** I420: the planes Y, U and V without padding, in base64. */
  base64: string;
}

/**
 * A picture of a speaker of the sample call: a face that the analyzer finds.
 *
 * @param detectorsDir Folder of blazeface-256.onnx.
 */
export async function facePicture(detectorsDir: string): Promise<Picture> {
  const { frames } = readIvf(await readFile(join(SAMPLE_MEDIA_DIR, 'maya.ivf')));
  const detector = await createFaceDetector(join(detectorsDir, 'blazeface-256.onnx'));
  const decoder = await createVideoDecoder('vp8', { backend: 'wasm' });
  try {
    const frame = decoder.decode(frames[0]!.data);
    if (!frame) throw new Error(`the first frame of the sample call cannot be decoded: ${decoder.failure?.message}`);
    const face = pickParticipantFace(await detector.detect(frame), frame.width, frame.height);
    if (!face) throw new Error('no face is found in the first frame of the sample call');
    const { width, height, y, u, v, strideY, strideU, strideV } = frame;
    const [halfWidth, halfHeight] = [(width + 1) >> 1, (height + 1) >> 1];
    const planes = [
      tight(y, strideY, width, height),
      tight(u, strideU, halfWidth, halfHeight),
      tight(v, strideV, halfWidth, halfHeight),
    ];
    const faceX = (face.box.x + face.box.width / 2) / width;
    return { width, height, faceX, base64: Buffer.concat(planes).toString('base64') };
  } finally {
    decoder.close();
    await detector.close();
  }
}

function tight(plane: Uint8Array, stride: number, width: number, height: number): Buffer {
  const rows = Array.from({ length: height }, (_, row) => plane.subarray(row * stride, row * stride + width));
  return Buffer.concat(rows);
}
