import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../../scripts/random.ts';
import { createOpusDecoder } from '../../../plugin/analyzer/media/index.ts';
import { loadVad, rmsDbfs, VAD_FRAME_SAMPLES } from '../../../plugin/analyzer/speech/index.ts';
import type { Vad } from '../../../plugin/analyzer/speech/index.ts';
import { fixture, readOpus } from '../media/containers.ts';

const MODEL = fileURLToPath(new URL('../../../models/detectors/silero_vad_16k_op15.onnx', import.meta.url));

async function open(t: TestContext): Promise<Vad> {
  const model = await loadVad(MODEL);
  t.after(() => model.close());
  return model.createVad();
}

async function voice(): Promise<Float32Array> {
  const decoder = await createOpusDecoder();
  const parts = readOpus(fixture('voice.opus')).map((packet) => decoder.decode(packet));
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function probabilities(vad: Vad, pcm: Float32Array): Promise<number[]> {
  const result: number[] = [];
  for (let at = 0; at + VAD_FRAME_SAMPLES <= pcm.length; at += VAD_FRAME_SAMPLES) {
    result.push(await vad.process(pcm.subarray(at, at + VAD_FRAME_SAMPLES)));
  }
  return result;
}

function share(values: readonly number[], above: number): number {
  return values.filter((value) => value > above).length / values.length;
}

test('Two spoken sentences are heard, and the second of silence between them is not', async (t) => {
  const speech = await probabilities(await open(t), await voice());
  const marks = speech.map((p) => (p > 0.5 ? 'S' : '.')).join('');
  const pause = /S(\.{20,})S/.exec(marks);
  assert.ok(pause, marks);
  const [first, second] = [marks.slice(0, pause.index + 1), marks.slice(pause.index + pause[0].length - 1)];
  for (const sentence of [first, second]) assert.ok(sentence.replace(/^\.+|\.+$/g, '').length > 40, marks);
  assert.ok(share(speech, 0.5) > 0.5, marks);
});

test('Silence, noise and a steady tone are not taken for speech', async (t) => {
  const vad = await open(t);
  const random = seededRandom(5);
  const second = 16_000;
  const sounds = {
    silence: new Float32Array(second * 3),
    noise: Float32Array.from({ length: second * 3 }, () => (random() - 0.5) * 0.2),
    tone: Float32Array.from({ length: second * 3 }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 1000 * i) / second)),
  };
  for (const [name, pcm] of Object.entries(sounds)) {
    vad.reset();
    const heard = share(await probabilities(vad, pcm), 0.5);
    assert.ok(heard < 0.05, `${name}: ${heard}`);
  }
});

test('After a reset the same sound gives the same probabilities, and tracks do not hear each other', async (t) => {
  const model = await loadVad(MODEL);
  t.after(() => model.close());
  const pcm = (await voice()).subarray(0, 512 * 40);
  const vad = model.createVad();
  const alone = await probabilities(vad, pcm);
  vad.reset();
  assert.deepEqual(await probabilities(vad, pcm), alone);
  const [one, other] = [model.createVad(), model.createVad()];
  const beside: number[] = [];
  for (let at = 0; at < pcm.length; at += 512) {
    beside.push(await one.process(pcm.subarray(at, at + 512)));
    await other.process(new Float32Array(512).fill(0.1));
  }
  assert.deepEqual(beside, alone);
});

test('A frame of another length is refused with the length that is needed', async (t) => {
  const vad = await open(t);
  await assert.rejects(async () => vad.process(new Float32Array(160)), /has 160 samples; it must have 512/);
});

test('Levels are given against full scale, from silence to a full square wave', () => {
  assert.equal(rmsDbfs(new Float32Array(512)), -96);
  assert.equal(rmsDbfs(new Float32Array(0)), -96);
  assert.equal(rmsDbfs(new Float32Array(512).fill(-1)), 0);
  const sine = Float32Array.from({ length: 16_000 }, (_, i) => 0.1 * Math.sin((2 * Math.PI * 100 * i) / 16_000));
  assert.ok(Math.abs(rmsDbfs(sine) + 23.01) < 0.05);
});
