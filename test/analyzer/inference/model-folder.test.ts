import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { InferenceEngine, InferenceError } from '../../../plugin/analyzer/inference/index.ts';
import { TINY_MODEL } from './fixtures/paths.ts';

suite('a wrong model folder is told in one sentence', () => {
  let root: string;
  let copies = 0;
  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'undertone-model-'));
  });
  after(() => rm(root, { recursive: true }));

  async function opening(spoil: (folder: string) => Promise<void>): Promise<InferenceError> {
    const folder = path.join(root, `copy-${copies++}`);
    await cp(TINY_MODEL, folder, { recursive: true });
    await spoil(folder);
    const error = await failure(folder);
    assert.ok(error.message.includes(folder), error.message);
    return error;
  }

  async function failure(folder: string): Promise<InferenceError> {
    const error = await InferenceEngine.open({ modelDir: folder, provider: 'cpu', threads: 1 }).then(
      () => assert.fail('it opened'),
      (e: unknown) => e,
    );
    assert.ok(error instanceof InferenceError);
    assert.equal(error.code, 'model-folder');
    assert.equal(error.retryable, false);
    assert.doesNotMatch(error.message, /\n/);
    return error;
  }

  function edited(change: (manifest: Manifest) => void): (folder: string) => Promise<void> {
    return async (folder) => {
      const file = path.join(folder, 'manifest.json');
      const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
      change(manifest);
      await writeFile(file, JSON.stringify(manifest));
    };
  }

  test('a folder that is not there', async () => {
    const { message } = await failure(path.join(root, 'nowhere'));
    assert.match(message, /manifest\.json: the file is missing; give the path of a complete model folder/);
  });

  test('a file that is not there', async () => {
    const { message } = await opening((folder) => rm(path.join(folder, 'audio.onnx')));
    assert.match(message, /audio\.onnx: the file is missing/);
  });

  test('a manifest that is not JSON', async () => {
    const { message } = await opening((folder) => writeFile(path.join(folder, 'manifest.json'), '{'));
    assert.match(message, /manifest\.json: is not valid JSON/);
  });

  test('a graph whose bytes are not those of the manifest', async () => {
    const { message } = await opening((folder) => writeFile(path.join(folder, 'fusion.onnx'), 'damaged'));
    assert.match(message, /fusion\.onnx: its SHA-256 is [0-9a-f]{12}… but the manifest says/);
  });

  test('a graph in the place of another', async () => {
    const { message } = await opening(
      edited((manifest) => {
        manifest.audio.file = manifest.vision.file;
        manifest.audio.sha256 = manifest.vision.sha256;
      }),
    );
    assert.match(message, /vision\.onnx: it is not a audio graph of this format: input 'pcm' is missing/);
  });

  test('a label encoder that is none', async () => {
    const { message } = await opening(
      edited((manifest) => {
        manifest.label.file = manifest.audio.file;
        manifest.label.sha256 = manifest.audio.sha256;
      }),
    );
    assert.match(message, /audio\.onnx: it is not a label graph of this format: input 'input_ids' is missing/);
  });

  test('no label encoder beside a text tower that is none', async () => {
    const { message } = await opening(edited((manifest) => delete (manifest as Partial<Manifest>).label));
    assert.match(message, /text\.onnx: it is not a text graph of this format: output 'pooled' is missing/);
  });

  test('label embeddings that are too few', async () => {
    const { message } = await opening((folder) => writeFile(path.join(folder, 'labels.bin'), new Uint8Array(48)));
    assert.match(message, /labels\.bin: it has 48 bytes where at least 20 rows of 48 bytes are expected/);
  });

  test('label embeddings that are not normalised', async () => {
    const { message } = await opening((folder) => writeFile(path.join(folder, 'labels.bin'), new Uint8Array(960)));
    assert.match(message, /labels\.bin: row 0 has length 0 where 1 is expected/);
  });

  test('a vocabulary that is none', async () => {
    const { message } = await opening((folder) => writeFile(path.join(folder, 'vocab.txt'), 'a\nb\n'));
    assert.match(message, /vocab\.txt: the vocabulary has no \[UNK\]/);
  });

  for (const [what, change, expected] of [
    ['another format', (m) => (m.format = 2), /format: this version of Undertone reads format 1 only/],
    ['a path out of the folder', (m) => (m.text.file = '../text.onnx'), /text\.file: a plain file name/],
    ['another sample rate', (m) => (m.audio.sampleRate = 8000), /audio\.sampleRate: .*16000/],
    ['a missing field', (m) => delete m.vision.size, /vision\.size: /],
    ['a template without a place', (m) => (m.prompt = 'a person'), /prompt: the template must contain \{label\}/],
    [
      'a default that is not there',
      (m) => (m.defaultLabelSet = 'x'),
      /defaultLabelSet: 'x' is not one of the label sets/,
    ],
    ['a sentiment set without order', (m) => (m.sentimentLabelSet = 'big6'), /sentimentLabelSet: 'big6' is single/],
    [
      'prompts that are not those of the embeddings',
      (m) => (m.labelSets[0]!.labels[0]!.prompt = 'other'),
      /labelSets\.0\.hash: the prompts hash to [0-9a-f]{16}/,
    ],
    [
      'an ordinal set without values',
      (m) => delete m.labelSets[1]!.labels[0]!.value,
      /labelSets\.1\.labels: every label of an ordinal set needs a value/,
    ],
    [
      'dimensions that are not there',
      (m) => (m.dimensionsLabelSet = 'x'),
      /dimensionsLabelSet: 'x' is not one of the label sets/,
    ],
    [
      'dimensions of another kind',
      (m) => (m.dimensionsLabelSet = 'tags'),
      /dimensionsLabelSet: 'tags' is no dimensional set of valence, arousal, dominance/,
    ],
    [
      'a dimension that nobody knows',
      (m) => (m.labelSets[3]!.labels[0]!.name = 'tension'),
      /dimensionsLabelSet: 'vad' is no dimensional set of valence/,
    ],
    [
      'a threshold of one label among which only one holds',
      (m) => (m.labelSets[0]!.labels[1]!.threshold = 0.5),
      /labelSets\.0\.labels: only labels of a multi set have a threshold of their own; this set is single/,
    ],
    ['a threshold that is no probability', (m) => (m.labelSets[2]!.labels[0]!.threshold = 2), /labels\.0\.threshold: /],
    [
      'a prompt of a name that no label is looked up by',
      (m) => (m.prompts.Joy = 'so happy'),
      /prompts: label names are expected in lower case/,
    ],
    ['more turns than any model takes', (m) => (m.text.contextTurns = 5), /text\.contextTurns: .*4/],
  ] as [string, (manifest: Manifest) => unknown, RegExp][]) {
    test(`a manifest with ${what}`, async () => {
      const { message } = await opening(edited((manifest) => void change(manifest)));
      assert.match(message, expected);
      assert.match(message, /manifest\.json/);
    });
  }
});

interface Manifest {
  format: number;
  text: { file: string; contextTurns: number };
  label: { file: string; sha256: string };
  audio: { file: string; sha256: string; sampleRate: number };
  vision: { file: string; sha256: string; size?: number };
  prompt: string;
  defaultLabelSet: string;
  sentimentLabelSet: string;
  dimensionsLabelSet: string;
  prompts: Record<string, string>;
  labelSets: { labels: { name: string; prompt: string; value?: number; threshold?: number }[] }[];
}
