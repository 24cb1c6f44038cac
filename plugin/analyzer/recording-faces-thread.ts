/** Entry of a thread that decodes the videos of some participants of a recording and finds the faces in them. */
import { parentPort, workerData } from 'node:worker_threads';
import { createFaceDetector, type FaceCropOptions } from './media/index.ts';
import { openPictures, RecordingFaces, type PicturesSpec, type RecordedFace } from './recording/index.ts';

export interface FacesThreadOptions {
  /** Of the face detector. */
  modelPath: string;
  crop: FaceCropOptions;
  fps: number;
}

/** One at a time for each participant; different participants may be asked for at once. */
export type ToFacesThread =
  | { id: number; type: 'open'; key: number; pictures: PicturesSpec }
  | { id: number; type: 'skip'; key: number; ms: number }
  | { id: number; type: 'until'; key: number; ms: number }
  | { id: number; type: 'close' };

export type FromFacesThread =
  { id: number; ok: true; faces: RecordedFace[] } | { id: number; ok: false; message: string; key?: number };

const port = parentPort!;
const { modelPath, crop, fps } = workerData as FacesThreadOptions;
const detector = createFaceDetector(modelPath);
const videos = new Map<number, RecordingFaces>();
let work: Promise<unknown> = Promise.resolve();

port.on('message', (message: ToFacesThread) => {
  // One after the other: a decoder and the detector are busy one at a time anyway.
  work = work.then(async () => {
    try {
      const faces = await answer(message);
      const pixels = faces.flatMap(({ face }) => (face ? [face.pixels.buffer as ArrayBuffer] : []));
      port.postMessage({ id: message.id, ok: true, faces } satisfies FromFacesThread, pixels);
    } catch (error) {
      port.postMessage({ id: message.id, ok: false, message: (error as Error).message } satisfies FromFacesThread);
    }
    if (message.type === 'close') port.close();
  });
});

async function answer(message: ToFacesThread): Promise<RecordedFace[]> {
  switch (message.type) {
    case 'open':
      videos.set(message.key, new RecordingFaces(await openPictures(message.pictures), await detector, crop, fps));
      return [];
    case 'skip':
      await videos.get(message.key)!.skipTo(message.ms);
      return [];
    case 'until':
      return videos.get(message.key)!.until(message.ms);
    case 'close':
      for (const video of videos.values()) video.close();
      await (await detector).close();
      return [];
  }
}
