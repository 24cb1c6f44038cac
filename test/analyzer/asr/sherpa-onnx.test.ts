import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SherpaOnnxRecogniser } from '../../../plugin/analyzer/asr/sherpa-onnx.ts';
import { Health, recognise } from './fixtures/health.ts';

const ENTRY = fileURLToPath(new URL('./fixtures/sherpa-process.ts', import.meta.url));
/** What makes the process of the fixture crash or hang, as the first sample of a sound. */
const CRASH = Float32Array.of(0.5, 0, 0);
const HANG = Float32Array.of(0.25, 0, 0);
const SOUND = new Float32Array(512);

/** A folder that has the files of a model; what is in them is of no use. */
function modelFolder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'undertone-asr-'));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const file of ['tokens.txt', 'encoder.onnx', 'decoder.onnx', 'joiner.onnx'])
    writeFileSync(join(dir, file), 'no model');
  return dir;
}

async function start(t: TestContext, hangMs?: number) {
  const health = new Health();
  const recogniser = await SherpaOnnxRecogniser.start(
    { modelDir: modelFolder(t), threads: 1, entry: ENTRY, hangMs },
    health,
  );
  t.after(() => recogniser.close());
  return { recogniser, health };
}

test('without the package sherpa-onnx-node it says what to install', async (t) => {
  const before = process.env['UNDERTONE_SHERPA_ONNX'];
  process.env['UNDERTONE_SHERPA_ONNX'] = tmpdir();
  t.after(() => {
    if (before === undefined) delete process.env['UNDERTONE_SHERPA_ONNX'];
    else process.env['UNDERTONE_SHERPA_ONNX'] = before;
  });
  await assert.rejects(SherpaOnnxRecogniser.start({ modelDir: modelFolder(t), threads: 1 }, new Health()), {
    name: 'RecogniserError',
    message:
      /^transcript\.recogniser: sherpa-onnx: the package sherpa-onnx-node is not installed: run `npm install sherpa-onnx-node`/,
  });
});

function hasPackage(): boolean {
  try {
    createRequire(import.meta.url).resolve('sherpa-onnx-node');
    return true;
  } catch {
    return false;
  }
}

test(
  'files that are no model are told of by the real sherpa-onnx, and cost its process alone',
  { skip: !hasPackage() && 'the optional package sherpa-onnx-node is not installed', timeout: 60_000 },
  async (t) => {
    await assert.rejects(SherpaOnnxRecogniser.start({ modelDir: modelFolder(t), threads: 1 }, new Health()), {
      name: 'RecogniserError',
      message: /^transcript\.recogniser: sherpa-onnx: sherpa-onnx ended .*\.onnx/,
    });
  },
);

test('each turn is heard by itself', async (t) => {
  const { recogniser } = await start(t);
  const [one, two] = await Promise.all([recognise(recogniser, SOUND, SOUND), recognise(recogniser, SOUND)]);
  assert.deepEqual(
    [one, two].map((heard) => heard.map(({ text, final }) => [text, final])),
    [[['1024', true]], [['512', true]]],
  );
});

test('a crash ends the turns that were running, is told, and the next turn is heard', async (t) => {
  const { recogniser, health } = await start(t);
  const failure = health.nextFailure();
  const recovered = once(health, 'recovered');
  assert.deepEqual(await recognise(recogniser, SOUND, CRASH), []);
  assert.match(await failure, /sherpa-onnx ended by SIG/);
  await recovered;
  assert.equal((await recognise(recogniser, SOUND))[0]!.text, '512');
});

test('a hang is noticed, told and ended', async (t) => {
  const { recogniser, health } = await start(t, 300);
  const failure = health.nextFailure();
  const recovered = once(health, 'recovered');
  assert.deepEqual(await recognise(recogniser, HANG), []);
  assert.match(await failure, /did not answer within 0\.3 s/);
  await recovered;
  assert.equal((await recognise(recogniser, SOUND))[0]!.text, '512');
});

test('a recogniser that is behind takes no more than some seconds of sound', async (t) => {
  const { recogniser } = await start(t, 60_000);
  const turn = recogniser.begin({ heard: () => undefined, ended: () => undefined })!;
  assert.equal(turn.hear(HANG), true);
  let seconds = 0;
  while (turn.hear(new Float32Array(16_000)) && seconds < 60) seconds += 1;
  assert.ok(seconds >= 4 && seconds <= 6, `${seconds} s`);
});

test('a turn that is cancelled is not heard of again, and ends at once', async (t) => {
  const { recogniser } = await start(t);
  const heard: string[] = [];
  const ended = Promise.withResolvers<void>();
  const turn = recogniser.begin({ heard: ({ text }) => heard.push(text), ended: ended.resolve })!;
  turn.hear(SOUND);
  turn.cancel();
  await ended.promise;
  turn.finish();
  assert.equal(turn.hear(SOUND), false);
  await recognise(recogniser, SOUND);
  assert.deepEqual(heard, []);
});
