/**
 * Entry of the process that analyses one recording: the pipeline of a live call, on the recording's own clock, as fast
 * as the model allows. Time moves on only when the model has done what is due, so nothing is ever late or shed.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { VirtualTimeScheduler } from 'rxjs';
import { InferenceClient, UNHURRIED } from './inference/index.ts';
import { scoreUtterance, type EncodedUtterance } from './score-utterance.ts';
import { loadVad, VAD_FRAME_SAMPLES, VAD_SAMPLE_RATE, type Vad } from './speech/index.ts';
import type { FromRecording, RecordingRequest } from './recording-protocol.ts';
import { createParticipantPipeline } from './utterance/index.ts';

const SAMPLE_RATE = VAD_SAMPLE_RATE;
const FRAME = VAD_FRAME_SAMPLES;
/** What is fed before the model catches up: 1.024 s. */
const STEP = 32 * FRAME;
const PROGRESS_MS = 250;

function send(message: FromRecording): Promise<void> {
  return new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()));
}

process.once('message', (request: RecordingRequest) => {
  analyze(request)
    .catch((error: Error) => send({ type: 'fatal', message: error.message }))
    .finally(() => process.connected && process.disconnect());
});
process.on('disconnect', () => process.exit());

async function analyze({ options, labels, participantId, pcm, transcript }: RecordingRequest): Promise<void> {
  const { modelDir, provider, inferenceThreads: threads, detectorsDir } = options;
  const inference = new InferenceClient({ modelDir, provider, threads, overload: UNHURRIED });
  const { model, provider: used, why } = await inference.start();
  const { labels: wanted, kind } = labels;
  const labelSet = await inference.defineLabels(typeof wanted === 'string' ? wanted : { labels: wanted, kind });
  const vadModel = await loadVad(join(detectorsDir, 'silero_vad_16k_op15.onnx'));
  const vad = vadModel.createVad();
  await send({
    type: 'ready',
    info: {
      id: model.id,
      version: model.version,
      calibration: 'temperature',
      provider: used,
      providerReason: why,
      labelSets: [],
      decoders: {},
    },
  });

  const clock = new VirtualTimeScheduler();
  const pipeline = createParticipantPipeline({
    participantId,
    options: options.utterance,
    encoder: {
      encodeAudio: (chunk) => inference.encodeAudio(participantId, chunk),
      encodeFace: (pixels) => inference.encodeFace(pixels),
      encodeText: (text) => inference.encodeText(text),
    },
    newId: randomUUID,
    scheduler: clock,
    now: () => clock.frame,
  });
  let results: Promise<unknown> = Promise.resolve();
  const output = new Promise<void>((resolve, reject) => {
    pipeline.output.subscribe({
      next: (signal) => {
        if (signal.kind !== 'final') return;
        const { utterance, revision } = signal;
        results = results.then(() => score(utterance, revision));
      },
      complete: resolve,
      error: reject,
    });
  });
  const score = async (utterance: EncodedUtterance, revision: number) => {
    const now = () => utterance.span.endMs;
    const settings = { kind: 'final' as const, revision, labelSetId: labelSet.id, key: participantId, now };
    await send({ type: 'final', result: await scoreUtterance(inference, utterance, settings) });
  };
  /** Lets everything that is due at `ms` happen, and waits for it. */
  const until = async (ms: number) => {
    clock.maxFrames = ms;
    clock.flush();
    clock.frame = ms;
    await inference.drain();
    await setImmediate();
  };

  pipeline.input.next({ kind: 'modality', modality: 'audio', available: true });
  pipeline.input.next({ kind: 'modality', modality: 'video', available: false, reason: 'no-track' });
  pipeline.input.next(
    transcript
      ? { kind: 'modality', modality: 'text', available: true }
      : { kind: 'modality', modality: 'text', available: false, reason: 'no-words' },
  );
  const words = [...(transcript ?? [])].sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0));
  let toldMs = 0;
  for (let at = 0; at < pcm.length; at += STEP) {
    const startMs = (at / SAMPLE_RATE) * 1000;
    const endMs = startMs + (STEP / SAMPLE_RATE) * 1000;
    // Words are there before the sound in which they are spoken ends, so that no utterance has to wait for them.
    while (words.length > 0 && (words[0]!.startMs ?? 0) < endMs) {
      pipeline.input.next({ kind: 'words', segment: words.shift()! });
    }
    pipeline.input.next({
      kind: 'audio',
      startMs,
      concealedMs: 0,
      ...(await listen(vad, pcm.subarray(at, at + STEP))),
    });
    await until(endMs);
    if (performance.now() - toldMs > PROGRESS_MS) {
      toldMs = performance.now();
      await send({ type: 'progress', doneMs: Math.min(endMs, (pcm.length / SAMPLE_RATE) * 1000) });
    }
  }
  pipeline.close('leave');
  await until(clock.frame + 60_000);
  await output;
  await results;
  await send({ type: 'progress', doneMs: (pcm.length / SAMPLE_RATE) * 1000 });
  await send({ type: 'done' });
  await vadModel.close();
  await inference.close();
}

/** Whole frames, the last one filled up with silence, and the probability of speech in each. */
async function listen(vad: Vad, samples: Float32Array): Promise<{ pcm: Float32Array; vad: Float32Array }> {
  const frames = Math.ceil(samples.length / FRAME);
  const pcm = new Float32Array(frames * FRAME);
  pcm.set(samples);
  const probabilities = new Float32Array(frames);
  for (let i = 0; i < frames; i += 1) {
    probabilities[i] = await vad.process(pcm.subarray(i * FRAME, (i + 1) * FRAME));
  }
  return { pcm, vad: probabilities };
}
