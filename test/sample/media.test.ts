import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  createFaceDetector,
  createOpusDecoder,
  createVideoDecoder,
  pickParticipantFace,
} from '../../plugin/analyzer/media/index.ts';
import { loadVad } from '../../plugin/analyzer/speech/index.ts';
import { readWav } from '../../plugin/analyzer/recording/index.ts';
import { readRecording, SAMPLE_MEDIA_DIR } from '../../server/sample/index.ts';
import { isVp8KeyFrame } from '../../server/sample/vp8-payload.ts';
import { makeFakeCamera } from '../support/fake-camera.ts';

const DETECTORS = join(import.meta.dirname, '../../models/detectors');
const recording = await readRecording();

test('the sample is small, says whose it is, and holds nothing but what its list names', () => {
  const files = readdirSync(SAMPLE_MEDIA_DIR);
  const bytes = files.reduce((sum, name) => sum + statSync(join(SAMPLE_MEDIA_DIR, name)).size, 0);
  assert.ok(bytes < 2_500_000, `${bytes} bytes`);
  const named = recording.speakers.flatMap(({ id }) => [`${id}.ivf`, `${id}.opus`]);
  assert.deepEqual(files.sort(), [...named, 'call.json', 'call.vtt'].sort());
  assert.match(readFileSync(join(SAMPLE_MEDIA_DIR, '../NOTICE'), 'utf8'), /CC0/);
});

test('three speakers each say at least two things of 2 to 5 seconds, with a pause between', () => {
  assert.ok(recording.durationMs >= 20_000 && recording.durationMs <= 30_000);
  assert.equal(recording.speakers.length, 3);
  for (const { displayName } of recording.speakers) {
    const turns: { startMs: number; endMs: number }[] = [];
    for (const { startMs, endMs } of recording.cues.filter(({ speaker }) => speaker === displayName)) {
      const last = turns.at(-1);
      if (last && startMs - last.endMs < 700) last.endMs = endMs;
      else turns.push({ startMs, endMs });
    }
    assert.ok(turns.length >= 2, `${displayName} has ${turns.length} turns`);
    for (const { startMs, endMs } of turns) {
      assert.ok(endMs - startMs >= 2000 && endMs - startMs <= 5000, `${displayName}: ${endMs - startMs} ms`);
    }
  }
});

test('nobody speaks while another does, and every word has its time', () => {
  for (const [index, cue] of recording.cues.entries()) {
    assert.ok(index === 0 || cue.startMs >= recording.cues[index - 1]!.endMs);
    assert.equal(cue.words!.map(({ text }) => text).join(' '), cue.text);
    assert.ok(
      cue.words!.every(({ startMs, endMs }) => endMs > startMs),
      cue.text,
    );
  }
});

test('a key frame comes once a second or more often', () => {
  for (const { id, video } of recording.speakers) {
    const keys = video.frames.filter(({ data }) => isVp8KeyFrame(data)).map(({ timeMs }) => timeMs);
    assert.equal(keys[0], 0);
    [...keys.slice(1), recording.durationMs].forEach((timeMs, index) => {
      assert.ok(timeMs - keys[index]! <= 1001, `${id}: nothing for ${timeMs - keys[index]!} ms`);
    });
  }
});

test('the detector finds each face, of 96 pixels or more, in at least 95 % of the pictures', async (t) => {
  const detector = await createFaceDetector(join(DETECTORS, 'blazeface-256.onnx'));
  for (const { id, video } of recording.speakers) {
    const decoder = await createVideoDecoder('vp8', { backend: 'wasm' });
    let looked = 0;
    let found = 0;
    let smallest = Infinity;
    for (const [index, { data }] of video.frames.entries()) {
      const picture = decoder.decode(data);
      assert.ok(picture, decoder.failure?.message);
      if (index % 5 !== 0) continue;
      looked += 1;
      const face = pickParticipantFace(await detector.detect(picture), picture.width, picture.height);
      if (!face) continue;
      found += 1;
      smallest = Math.min(smallest, face.box.width, face.box.height);
    }
    decoder.close();
    t.diagnostic(`${id}: ${found} of ${looked} pictures, smallest face ${Math.round(smallest)} px`);
    assert.ok(looked > 80);
    assert.ok(found / looked >= 0.95, `${id}: ${found} of ${looked}`);
    assert.ok(smallest >= 96, `${id}: ${smallest} px`);
  }
  await detector.close();
});

test('speech is heard where the captions say so, and nowhere else', async (t) => {
  const model = await loadVad(join(DETECTORS, 'silero_vad_16k_op15.onnx'));
  for (const { id, displayName, audio } of recording.speakers) {
    const decoder = await createOpusDecoder();
    const vad = model.createVad();
    const cues = recording.cues.filter(({ speaker }) => speaker === displayName);
    const samples: number[] = [];
    for (const { packet } of audio.frames)
      samples.push(...(packet.length > 2 ? decoder.decode(packet) : new Float32Array(320)));
    let [spoken, heard, silent, wrong] = [0, 0, 0, 0];
    for (let from = 0; from + 512 <= samples.length; from += 512) {
      const p = await vad.process(Float32Array.from(samples.slice(from, from + 512)));
      const middleMs = (from + 256) / 16;
      if (cues.some(({ startMs, endMs }) => middleMs > startMs + 50 && middleMs < endMs - 50)) {
        spoken += 1;
        if (p > 0.5) heard += 1;
      } else if (cues.every(({ startMs, endMs }) => middleMs < startMs - 300 || middleMs > endMs + 300)) {
        silent += 1;
        if (p > 0.5) wrong += 1;
      }
    }
    decoder.close();
    t.diagnostic(`${id}: ${heard} of ${spoken} frames of speech, ${wrong} of ${silent} of silence`);
    assert.ok(heard / spoken > 0.85, `${id}: ${heard} of ${spoken}`);
    assert.ok(wrong / silent < 0.01, `${id}: ${wrong} of ${silent}`);
  }
  await model.close();
});

test('a fake camera and microphone are made of the sample, of the same length', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'fake-camera-'));
  try {
    const { video, audio } = await makeFakeCamera(dir, 'maya', { maxMs: 2000 });
    const y4m = await readFile(video);
    const header = y4m.subarray(0, y4m.indexOf('\n') + 1);
    assert.match(header.toString(), /^YUV4MPEG2 W480 H360 F15:1 /);
    const frame = 6 + (480 * 360 * 3) / 2;
    assert.equal(y4m.length - header.length, 30 * frame);
    for (let at = header.length; at < y4m.length; at += frame)
      assert.equal(y4m.toString('latin1', at, at + 6), 'FRAME\n');
    const samples = await readWav(await readFile(audio));
    assert.ok(Math.abs(samples.length / 16 - 2000) <= 20, `${samples.length / 16} ms`);
    const level = (from: number, to: number): number => Math.max(...samples.subarray(from * 16, to * 16).map(Math.abs));
    assert.ok(level(800, 1900) > 0.1 && level(0, 600) < 0.01, 'the voice is where the sample has it');
  } finally {
    await rm(dir, { recursive: true });
  }
});
