/** Entry of the process that analyses recordings: what it was sent to open is opened, told, and analysed when that is wanted. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { InferenceClient, readManifest, UNHURRIED } from './inference/index.ts';
import type { FromRecording, RecordingStart, ToRecording } from './recording-protocol.ts';
import { openRecording, RecordingFileError, type OpenTrack } from './recording/index.ts';
import { RecordingFacesClient } from './RecordingFacesClient.ts';
import { RecordingRun, type RunTrack } from './RecordingRun.ts';
import { RecordingVoice } from './RecordingVoice.ts';
import { loadVad } from './speech/index.ts';

type Open = Extract<ToRecording, { type: 'open' }>;

/** Sound and inference want the rest. */
const MAX_VIDEO_THREADS = 4;
const CAPACITY = { final: 4_096, stream: 4_096, interim: 1_024 };

/** Said to the user already. */
class Unusable extends Error {}

function send(message: FromRecording): Promise<void> {
  return new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()));
}

let started: (start: RecordingStart) => void;
const start = new Promise<RecordingStart>((resolve) => (started = resolve));
process.on('message', (message: ToRecording) => {
  if (message.type === 'start') return started(message.start);
  analyze(message)
    .catch((error: Error) => (error instanceof Unusable ? undefined : send({ type: 'fatal', message: error.message })))
    .finally(() => process.connected && process.disconnect());
});
process.on('disconnect', () => process.exit());

async function analyze({ inputs, options, labels: { labels: wanted, kind } }: Open): Promise<void> {
  const { modelDir, provider, inferenceThreads: threads, detectorsDir, utterance, videoFps } = options;
  const notes: string[] = [];
  const tracks: OpenTrack[] = [];
  for (const [index, input] of inputs.entries()) {
    await usable(index, async () => tracks.push(...(await openRecording(input, index, (note) => notes.push(note)))));
  }
  const inference = new InferenceClient({ modelDir, provider, threads, overload: UNHURRIED, capacity: CAPACITY });
  const { model, provider: used, why } = await inference.start();
  const labelSet = await inference.defineLabels(typeof wanted === 'string' ? wanted : { labels: wanted, kind });
  const videos = tracks.filter(({ pictures }) => pictures);
  const faces = videos.length > 0 ? await openFaces(videos.length) : undefined;
  for (const [index, { track, pictures }] of tracks.entries()) {
    if (pictures) await usable(track.input, () => faces!.open(index, pictures));
  }
  const { id, version } = model;
  const named = { id, version, calibration: 'temperature', provider: used, providerReason: why };
  await send({
    type: 'opened',
    tracks: tracks.map(({ track }) => track),
    notes,
    info: { ...named, labelSets: [], decoders: {} },
  });

  const run = await start;
  const vad = await loadVad(join(detectorsDir, 'silero_vad_16k_op15.onnx'));
  const open = tracks.map(({ sound, track, pictures }, index): RunTrack => ({
    voice: new RecordingVoice(sound, vad.createVad(), run.resume?.listeners[index]),
    lengthMs: track.lengthMs,
    ...(pictures && {
      faces: { until: (ms) => faces!.until(index, ms), skipTo: (ms) => faces!.skipTo(index, ms) },
    }),
  }));
  await new RecordingRun({ start: run, tracks: open, inference, labelSetId: labelSet.id, utterance, send }).run();
  await send({ type: 'done' });
  await Promise.all([...open.map(({ voice }) => voice.close()), vad.close(), faces?.close(), inference.close()]);

  async function openFaces(count: number): Promise<RecordingFacesClient> {
    const { size, cropScale, cropRise } = (await readManifest(modelDir)).vision;
    const modelPath = join(detectorsDir, 'blazeface-256.onnx');
    const workers = Math.min(count, availableParallelism(), MAX_VIDEO_THREADS);
    return new RecordingFacesClient({ modelPath, crop: { size, cropScale, cropRise }, fps: videoFps }, workers);
  }
}

/** Tells by which input a file's error came. */
async function usable(input: number, open: () => Promise<unknown>): Promise<void> {
  try {
    await open();
  } catch (error) {
    const { name, message } = error as Error;
    if (!(error instanceof RecordingFileError) && name !== 'RecordingFileError') throw error;
    await send({ type: 'unusable', input, message });
    throw new Unusable();
  }
}
