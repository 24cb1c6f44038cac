import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { InferenceEngine } from '../../../plugin/analyzer/inference/index.ts';
import { WordPieceTokenizer } from '../../../plugin/analyzer/inference/tokenizer.ts';
import { readModelFolder, type ModelFolder } from '../../../plugin/analyzer/inference/model-folder.ts';
import { openSessions, type Sessions } from '../../../plugin/analyzer/inference/sessions.ts';
import { sine } from './fixtures/media.ts';
import { SHIPPED_MODEL, TINY_MODEL, withoutShippedModel } from './fixtures/paths.ts';

interface Golden {
  tokenizer: { text: string; ids: number[] }[];
  text: { ids: number[]; pooled: number[]; tokensMean: number[] }[];
  audio: { pcm: { kind: 'sine'; hz: number; samples: number; gain: number }; samples: number; tokens: number[] }[];
  vision: { pixels: { kind: 'formula' }; tokens: number[] }[];
  fusion: { note: string; logits: number[]; p: number[] }[];
}

for (const [name, folder, skip] of [
  ['the fixture model', TINY_MODEL, false],
  ['the shipped model', SHIPPED_MODEL, withoutShippedModel],
] as const) {
  suite(`preprocessing agrees with what Python wrote for ${name}`, { skip }, () => {
    let model: ModelFolder;
    let golden: Golden;
    let sessions: Sessions;
    let engine: InferenceEngine;
    let tokenizer: WordPieceTokenizer;

    before(async () => {
      golden = JSON.parse(readFileSync(`${folder}/golden.json`, 'utf8')) as Golden;
      model = await readModelFolder(folder);
      sessions = await openSessions(model, 'cpu', 1);
      engine = await InferenceEngine.open({ modelDir: folder, provider: 'cpu', threads: 1 });
      tokenizer = new WordPieceTokenizer(model.vocab, model.manifest.text.maxTokens);
    });
    after(async () => {
      await sessions.release();
      await engine.close();
    });

    const run = (graph: 'text' | 'label', ids: readonly number[]) => {
      const dims = [1, ids.length];
      return sessions.run(graph, {
        input_ids: { type: 'int32', data: Int32Array.from(ids), dims },
        attention_mask: { type: 'int32', data: new Int32Array(ids.length).fill(1), dims },
      });
    };

    test('every text gives the same token ids', () => {
      assert.ok(golden.tokenizer.length >= 5);
      for (const { text, ids } of golden.tokenizer) {
        assert.deepEqual([...tokenizer.encode(text).ids], ids, JSON.stringify(text));
      }
    });

    test('token ids give the same tokens, and the same embedding as a prompt', async () => {
      for (const { ids, pooled, tokensMean } of golden.text) {
        const { tokens } = await run('text', ids);
        close(meanRow(tokens!.data as Float32Array, model.manifest.dim), tokensMean);
        const embedded = await run(model.manifest.label ? 'label' : 'text', ids);
        assert.ok(cosine(embedded.pooled!.data as Float32Array, pooled) > 0.9999);
      }
    });

    test('sound gives the same tokens', async () => {
      for (const { pcm, tokens } of golden.audio) {
        const [result] = await engine.encodeAudio([sine(pcm.hz, pcm.samples, pcm.gain)]);
        close(result!.data.subarray(0, tokens.length), tokens);
      }
    });

    test('a face gives the same tokens', async () => {
      for (const { tokens } of golden.vision) {
        const [result] = await engine.encodeFaces([formulaFace(model.manifest.vision.size)]);
        close(result!.data.subarray(0, tokens.length), tokens);
      }
    });

    test('fusion gives the same logits and probabilities, with all modalities and with some', async () => {
      const { pcm } = golden.audio[0]!;
      const tokens = await run('text', golden.text[0]!.ids);
      const text = { count: golden.text[0]!.ids.length, data: tokens.tokens!.data as Float32Array };
      const [audio] = await engine.encodeAudio([sine(pcm.hz, pcm.samples, pcm.gain)]);
      const [vision] = await engine.encodeFaces([formulaFace(model.manifest.vision.size)]);
      const all = { text, audio, vision };
      const set = model.manifest.labelSets.find((s) => s.id === 'big6')!;
      assert.ok(golden.fusion.length >= 2);
      for (const { note, p } of golden.fusion) {
        const used = Object.entries(all).filter(([modality]) => note.includes(modality));
        assert.ok(used.length > 0, note);
        const [result] = await engine.fuse([{ ...Object.fromEntries(used), labelSetId: 'big6', wantSentiment: false }]);
        const byName = new Map(result!.labels.map((label) => [label.name, label.p]));
        const actual = set.labels.map((label) => byName.get(label.name)!);
        close(actual, p, note);
      }
    });
  });
}

function formulaFace(size: number): Uint8Array {
  const pixels = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let c = 0; c < 3; c++) pixels[(y * size + x) * 3 + c] = (x * 3 + y * 5 + c * 40) % 256;
    }
  }
  return pixels;
}

function close(actual: ArrayLike<number>, expected: readonly number[], note = ''): void {
  assert.equal(actual.length, expected.length, note);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i]! - value) < 1e-3, `${note} [${i}]: ${actual[i]} where Python has ${value}`);
  });
}

function cosine(a: ArrayLike<number>, b: readonly number[]): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) => Array.from(x).reduce((sum, v, i) => sum + v * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function meanRow(data: Float32Array, width: number): number[] {
  const count = data.length / width;
  return Array.from({ length: width }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < count; row++) sum += data[row * width + column]!;
    return sum / count;
  });
}
