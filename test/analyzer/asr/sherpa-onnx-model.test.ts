import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { findSherpaModel } from '../../../plugin/analyzer/asr/sherpa-onnx-model.ts';

function folder(t: TestContext, files: readonly string[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'undertone-asr-'));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const file of files) writeFileSync(join(dir, file), '');
  return dir;
}

test('findSherpaModel takes the int8 encoder and joiner of a transducer, and its full decoder', (t) => {
  const name = 'epoch-99-avg-1-chunk-16-left-128';
  const parts = ['encoder', 'decoder', 'joiner'];
  const files = parts.flatMap((part) => [`${part}-${name}.onnx`, `${part}-${name}.int8.onnx`]);
  const dir = folder(t, [...files, 'tokens.txt', 'bpe.model', 'README.md']);
  assert.deepEqual(findSherpaModel(dir), {
    tokens: join(dir, 'tokens.txt'),
    transducer: {
      encoder: join(dir, `encoder-${name}.int8.onnx`),
      decoder: join(dir, `decoder-${name}.onnx`),
      joiner: join(dir, `joiner-${name}.int8.onnx`),
    },
  });
});

test('findSherpaModel knows a paraformer and a zipformer CTC by their files', (t) => {
  const paraformer = folder(t, ['tokens.txt', 'encoder.int8.onnx', 'decoder.int8.onnx']);
  assert.deepEqual(Object.keys(findSherpaModel(paraformer)), ['tokens', 'paraformer']);
  const ctc = folder(t, ['tokens.txt', 'model.int8.onnx']);
  assert.deepEqual(Object.keys(findSherpaModel(ctc)), ['tokens', 'zipformer2Ctc']);
});

const broken: [title: string, files: string[] | undefined, message: RegExp][] = [
  ['a folder that is not there', undefined, /^transcript\.model: .*: there is no such folder/],
  ['an empty folder', [], /has no tokens\.txt; a streaming sherpa-onnx model has tokens\.txt with encoder/],
  ['a folder without networks', ['tokens.txt'], /has no encoder\*\.onnx/],
  ['an encoder alone', ['tokens.txt', 'encoder.onnx'], /has no decoder\*\.onnx/],
];
for (const [title, files, message] of broken) {
  test(`findSherpaModel names what is missing in ${title}`, (t) => {
    const dir = files ? folder(t, files) : join(tmpdir(), 'undertone-no-such-model');
    assert.throws(() => findSherpaModel(dir), { name: 'RecogniserError', message });
  });
}
