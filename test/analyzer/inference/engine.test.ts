import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { seededRandom } from '../../../scripts/random.ts';
import { InferenceEngine } from '../../../plugin/analyzer/inference/index.ts';
import type { FusionRequest, FusionScores } from '../../../plugin/analyzer/inference/fuse.ts';
import type { Sessions } from '../../../plugin/analyzer/inference/sessions.ts';
import { readModelFolder } from '../../../plugin/analyzer/inference/model-folder.ts';
import { openSessions } from '../../../plugin/analyzer/inference/sessions.ts';
import { resolveLabelSet } from '../../../plugin/analyzer/inference/resolve-labels.ts';
import { derivedModel } from './fixtures/derived-model.ts';
import { face, noise } from './fixtures/media.ts';
import { SHIPPED_MODEL, TINY_MODEL, withoutShippedModel } from './fixtures/paths.ts';

for (const [name, folder, skip, tolerance] of [
  ['the fixture model', TINY_MODEL, false, 1e-5],
  ['the shipped model', SHIPPED_MODEL, withoutShippedModel, 1e-4],
] as const) {
  suite(`one batch gives what single requests give, with ${name}`, { skip }, () => {
    let engine: InferenceEngine;
    before(async () => {
      engine = await InferenceEngine.open({ modelDir: folder, provider: 'cpu', threads: 1 });
    });
    after(() => engine.close());

    test('texts of different lengths', async () => {
      const texts = ['hello', '', 'I am so happy, really!', 'this is not good '.repeat(20), 'you and I'];
      const together = await engine.encodeTexts(texts);
      assert.deepEqual(
        together.map((t) => t.truncated),
        [false, false, false, true, false],
      );
      for (const [i, text] of texts.entries()) {
        const [alone] = await engine.encodeTexts([text]);
        assert.equal(together[i]!.count, alone!.count);
        close(together[i]!.data, alone!.data, tolerance);
      }
    });

    test('chunks of sound of different lengths, without the tokens of their padding', async () => {
      const full = engine.manifest.audio.chunkSamples;
      const lengths = [full, 1, full / 4 + 1, full / 2];
      const chunks = lengths.map((samples, i) => noise(i, samples));
      const together = await engine.encodeAudio(chunks);
      assert.equal(together[0]!.count, engine.manifest.audio.tokensPerChunk);
      assert.ok(together[1]!.count < together[3]!.count && together[3]!.count < together[0]!.count);
      for (const [i, chunk] of chunks.entries()) {
        const [alone] = await engine.encodeAudio([chunk]);
        assert.equal(together[i]!.samples, lengths[i]);
        close(together[i]!.data, alone!.data, tolerance);
      }
    });

    test('faces', async () => {
      const crops = [1, 2, 3].map((seed) => face(seed, engine.manifest.vision.size));
      const together = await engine.encodeFaces(crops);
      for (const [i, crop] of crops.entries()) {
        const [alone] = await engine.encodeFaces([crop]);
        close(together[i]!.data, alone!.data, tolerance);
      }
      assert.notDeepEqual(together[0]!.data, together[1]!.data);
    });

    test('utterances with different modalities, lengths and label sets', async () => {
      const requests = await someRequests(engine);
      const together = await engine.fuse(requests);
      for (const [i, request] of requests.entries()) {
        const [alone] = await engine.fuse([request]);
        sameScores(together[i]!, alone!, tolerance);
      }
    });

    test('the sentiment beside a label set is the score of the sentiment set itself', async () => {
      const [request] = await someRequests(engine);
      const [beside] = await engine.fuse([{ ...request!, wantSentiment: true }]);
      const { sentimentLabelSet } = engine.manifest;
      const [itself] = await engine.fuse([{ ...request!, labelSetId: sentimentLabelSet, wantSentiment: true }]);
      assert.ok(Math.abs(beside!.sentiment! - itself!.score!) < 1e-3);
      assert.equal(itself!.sentiment, itself!.score);
      assert.ok(Math.abs(itself!.score!) <= 3);
    });

    test('each modality changes the result, and none at all is said to be none', async () => {
      const [request] = await someRequests(engine);
      const [all] = await engine.fuse([request!]);
      for (const modality of ['text', 'audio', 'vision'] as const) {
        const [without] = await engine.fuse([{ ...request!, [modality]: undefined }]);
        assert.ok(distance(all!, without!) > 1e-4, modality);
        assert.notEqual(without!.abstained, 'no-modality');
      }
      const [none] = await engine.fuse([{ labelSetId: request!.labelSetId, wantSentiment: true }]);
      assert.equal(none!.abstained, 'no-modality');
      assert.ok(Number.isFinite(none!.sentiment) && none!.labels.every(({ p }) => p >= 0 && p <= 1));
    });
  });

  suite(`what a mask leaves out does not matter, with ${name}`, { skip }, () => {
    let sessions: Sessions;
    let dims: { dim: number; labelDim: number };
    before(async () => {
      const model = await readModelFolder(folder);
      dims = model.manifest;
      sessions = await openSessions(model, 'cpu', 1);
    });
    after(() => sessions.release());

    test('neither masked tokens nor masked labels', async () => {
      const logits = async (fill: number) => {
        const next = seededRandom(7);
        const sequence = (length: number, kept: number) => {
          const data = Float32Array.from({ length: length * dims.dim }, () => next() - 0.5);
          data.fill(fill, kept * dims.dim);
          const mask = Int32Array.from({ length }, (_, i) => (i < kept ? 1 : 0));
          return [
            { type: 'float32' as const, data, dims: [1, length, dims.dim] },
            { type: 'int32' as const, data: mask, dims: [1, length] },
          ] as const;
        };
        const [text, text_mask] = sequence(6, 4);
        const [audio, audio_mask] = sequence(5, 5);
        const [vision, vision_mask] = sequence(3, 0);
        const rows = Array.from({ length: 3 }, () =>
          unit(Float32Array.from({ length: dims.labelDim }, () => next() - 0.5)),
        );
        const labels = Float32Array.from([
          ...rows.flatMap((row) => [...row]),
          ...unit(new Float32Array(dims.labelDim).fill(fill)),
        ]);
        const { logits: out } = await sessions.run('fusion', {
          text,
          text_mask,
          audio,
          audio_mask,
          vision,
          vision_mask,
          labels: { type: 'float32', data: labels, dims: [1, 4, dims.labelDim] },
          label_mask: { type: 'int32', data: Int32Array.of(1, 1, 1, 0), dims: [1, 4] },
        });
        return out!.data as Float32Array;
      };
      const [zeros, junk] = [await logits(0), await logits(3)];
      close(junk.subarray(0, 3), zeros.subarray(0, 3), 1e-4);
      assert.ok(zeros[3]! <= -1e3 && junk[3]! <= -1e3);
    });
  });
}

test('the dimensions beside a label set are the scores of the dimensional set itself, and none where nobody asks', async () => {
  const engine = await InferenceEngine.open({ modelDir: TINY_MODEL, provider: 'cpu', threads: 1 });
  const requests = await someRequests(engine);
  const beside = await engine.fuse(requests.map((request, i) => ({ ...request, wantDimensions: i !== 1 })));
  for (const [i, request] of requests.entries()) {
    const [itself] = await engine.fuse([{ ...request, labelSetId: 'vad', wantDimensions: true }]);
    const own = Object.fromEntries(itself!.labels.map(({ name, p }) => [name, p]));
    assert.deepEqual(Object.keys(own).sort(), ['arousal', 'dominance', 'valence']);
    assert.deepEqual(itself!.dimensions, {
      valence: own['valence'],
      arousal: own['arousal'],
      dominance: own['dominance'],
    });
    const { dimensions, sentiment } = beside[i]!;
    assert.equal(sentiment === undefined, !request.wantSentiment);
    if (i === 1) assert.equal(dimensions, undefined);
    else for (const name of ['valence', 'arousal', 'dominance'] as const) near(dimensions![name]!, own[name]!);
  }
  await engine.close();
});

test('a model without a dimensional set gives no dimensions', async (t) => {
  const modelDir = await derivedModel(t, (manifest) => delete manifest.dimensionsLabelSet);
  const engine = await InferenceEngine.open({ modelDir, provider: 'cpu', threads: 1 });
  const [request] = await someRequests(engine);
  const [result] = await engine.fuse([{ ...request!, wantDimensions: true }]);
  assert.ok(!('dimensions' in result!));
  await engine.close();
});

test('labels of a multiple-choice set are scored each on its own', async () => {
  const engine = await InferenceEngine.open({ modelDir: TINY_MODEL, provider: 'cpu', threads: 1 });
  const [text] = await engine.encodeTexts(['so happy']);
  const [result] = await engine.fuse([{ text, labelSetId: 'tags', wantSentiment: false }]);
  const [single] = await engine.fuse([{ text, labelSetId: 'big6', wantSentiment: false }]);
  const sum = (scores: FusionScores) => scores.labels.reduce((total, { p }) => total + p, 0);
  assert.ok(Math.abs(sum(single!) - 1) < 1e-6);
  assert.ok(Math.abs(sum(result!) - 1) > 1e-3);
  assert.deepEqual(
    result!.labels.map(({ p }) => p),
    result!.labels.map(({ p }) => p).sort((a, b) => b - a),
  );
  await engine.close();
});

test('a label of a multi set counts from a threshold of its own, and without one that counts the result abstains', async (t) => {
  const confident = async (thresholds: (number | undefined)[], ofSet: number) => {
    const modelDir = await derivedModel(t, ({ labelSets }) => {
      const tags = labelSets.find(({ id }) => id === 'tags')!;
      tags.threshold = ofSet;
      for (const [i, label] of tags.labels.entries()) label.threshold = thresholds[i];
    });
    const engine = await InferenceEngine.open({ modelDir, provider: 'cpu', threads: 1 });
    const [text] = await engine.encodeTexts(['so happy']);
    const [result] = await engine.fuse([{ text, labelSetId: 'tags', wantSentiment: false }]);
    await engine.close();
    return result!;
  };
  const { abstained, labels } = await confident([1, 1, 0.001], 1);
  assert.equal(abstained, undefined);
  assert.ok(labels[0]!.p < 1);
  assert.equal((await confident([1, 1, 1], 0)).abstained, 'low-confidence');
  assert.equal((await confident([1, undefined, 1], 0)).abstained, undefined);
  assert.equal((await confident([], 1)).abstained, 'low-confidence');
});

test('a text tower that is the label encoder as well gives the same as two graphs', async (t) => {
  const both = await readFile(path.join(TINY_MODEL, 'text-and-label.onnx'));
  const modelDir = await derivedModel(t, (manifest) => {
    delete manifest.label;
    const sha256 = createHash('sha256').update(both).digest('hex');
    manifest.text = { ...manifest.text, file: 'text-and-label.onnx', sha256 };
  });
  const score = async (folder: string) => {
    const engine = await InferenceEngine.open({ modelDir: folder, provider: 'cpu', threads: 1 });
    const set = resolveLabelSet({ labels: ['engaged', 'bored', 'not so sad'] }, engine.manifest);
    await engine.defineLabels(set);
    const [text] = await engine.encodeTexts(['what is that']);
    const [result] = await engine.fuse([{ text, labelSetId: set.id, wantSentiment: true }]);
    await engine.close();
    return result!;
  };
  sameScores(await score(modelDir), await score(TINY_MODEL), 1e-6);
});

async function someRequests(engine: InferenceEngine): Promise<FusionRequest[]> {
  const { size } = engine.manifest.vision;
  const [short, long] = await engine.encodeTexts(['what', 'I am very angry and not happy with what you are']);
  const [second, start] = await engine.encodeAudio([noise(1, 16_000), noise(2, 5_000)]);
  const [smile] = await engine.encodeFaces([face(3, size)]);
  const base = { wantSentiment: false, labelSetId: 'big6' };
  return [
    { ...base, text: long, audio: second, vision: smile },
    { ...base, text: short },
    { ...base, audio: start, labelSetId: 'sentiment' },
    { ...base, vision: smile, audio: second, wantSentiment: true },
    { ...base, text: short, vision: smile, labelSetId: 'sentiment', wantSentiment: true },
  ];
}

function sameScores(actual: FusionScores, expected: FusionScores, tolerance: number): void {
  assert.ok(distance(actual, expected) < tolerance, `${distance(actual, expected)}`);
  assert.equal(actual.sentiment === undefined, expected.sentiment === undefined);
  if (expected.sentiment !== undefined) assert.ok(Math.abs(actual.sentiment! - expected.sentiment) < 10 * tolerance);
  assert.equal(actual.abstained, expected.abstained);
}

function near(actual: number, expected: number): void {
  assert.ok(expected > 0 && expected < 1 && Math.abs(actual - expected) < 1e-5, `${actual} where ${expected} is`);
}

function distance(a: FusionScores, b: FusionScores): number {
  const other = new Map(b.labels.map(({ name, p }) => [name, p]));
  assert.equal(other.size, a.labels.length);
  return Math.max(...a.labels.map(({ name, p }) => Math.abs(p - other.get(name)!)));
}

function close(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  const worst = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
  assert.ok(worst <= tolerance, `differs by ${worst}`);
}

function unit(values: Float32Array): Float32Array {
  const norm = Math.hypot(...values);
  return norm === 0 ? values : values.map((value) => value / norm);
}
