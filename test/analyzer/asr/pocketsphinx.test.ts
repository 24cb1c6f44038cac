import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { PocketsphinxRecogniser } from '../../../plugin/analyzer/asr/pocketsphinx.ts';
import { readWav } from '../../../plugin/analyzer/recording/index.ts';
import { readRecording } from '../../../server/sample/index.ts';
import { withoutPocketsphinx } from '../../support/pocketsphinx.ts';
import { sampleWav } from '../../support/sample-wav.ts';
import { Health, recognise } from './fixtures/health.ts';

const SOUND = new Float32Array(16_000);

/** A program in place of pocketsphinx_continuous; the first run of it, that tries it out, is well. */
function program(t: TestContext, script: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'undertone-asr-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'program');
  writeFileSync(file, `#!/bin/sh\n[ -e ${dir}/tried ] || { : > ${dir}/tried; cat > /dev/null; exit 0; }\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

async function start(t: TestContext, script: string, answerMs?: number) {
  const health = new Health();
  const recogniser = await PocketsphinxRecogniser.start({ command: program(t, script), answerMs }, health);
  t.after(() => recogniser.close());
  return { recogniser, health };
}

test('a program that is not there is told of with what to install', async () => {
  await assert.rejects(PocketsphinxRecogniser.start({ command: 'no-such-program' }, new Health()), {
    name: 'RecogniserError',
    message:
      /^transcript\.recogniser: pocketsphinx cannot be used \(.*not installed\): apt-get install pocketsphinx pocketsphinx-en-us$/,
  });
});

test('a model that is not there is told of by its file', async () => {
  await assert.rejects(PocketsphinxRecogniser.start({ modelDir: '/nowhere' }, new Health()), {
    name: 'RecogniserError',
    message: 'transcript.model: /nowhere/en-us is missing',
  });
});

test('a crash costs the turn, is told, and is over with the next turn that is answered', async (t) => {
  const { recogniser, health } = await start(t, 'n=$(cat | wc -c); [ $n = 64000 ] && exit 3; echo "n 0.000 0.100 1.0"');
  const failure = health.nextFailure();
  const recovered = once(health, 'recovered');
  assert.deepEqual(await recognise(recogniser, SOUND, SOUND), []);
  assert.equal(await failure, 'pocketsphinx ended with 3');
  assert.equal((await recognise(recogniser, SOUND))[0]!.text, 'n');
  await recovered;
});

test('a hang is noticed, told and ended', async (t) => {
  const { recogniser, health } = await start(t, 'cat > /dev/null; exec sleep 1000', 200);
  const failure = health.nextFailure();
  assert.deepEqual(await recognise(recogniser, SOUND), []);
  assert.equal(await failure, 'pocketsphinx did not answer within 0.2 s');
});

test('no more than eight turns run at once, and sound that is not taken is not kept without end', async (t) => {
  const { recogniser } = await start(t, 'exec sleep 1000');
  const turns = Array.from({ length: 9 }, () => recogniser.begin({ heard: () => undefined, ended: () => undefined }));
  assert.deepEqual(
    turns.map((turn) => turn !== undefined),
    [true, true, true, true, true, true, true, true, false],
  );
  let seconds = 0;
  while (turns[0]!.hear(SOUND) && seconds < 60) seconds += 1;
  // 11 s of 32 kB wait here, up to 8 s in the socket, and 6 s in `cat` and the pipe behind it, as far as it came meanwhile.
  assert.ok(seconds <= 25, `${seconds} s`);
});

test(
  'the real one hears what is said in the sample call, each word where it is said',
  { skip: withoutPocketsphinx(), timeout: 120_000 },
  async (t) => {
    const recogniser = await PocketsphinxRecogniser.start({ answerMs: 100_000 }, new Health());
    t.after(() => recogniser.close());
    const { speakers, cues } = await readRecording();
    const [speaker] = speakers;
    // As much as it takes at once.
    const lengthMs = 9_000;
    const pcm = await readWav(await sampleWav(speaker!.id, lengthMs));
    const own = cues.filter((cue) => cue.speaker === speaker!.displayName && cue.endMs < lengthMs);
    const [hypothesis] = await recognise(recogniser, pcm);
    const said = own
      .flatMap(({ words }) => words!)
      .map((word) => ({ ...word, text: word.text.toLowerCase().replace(/\W/g, '') }));
    const right = hypothesis!.words.filter(({ text, startMs }) =>
      said.some((word) => word.text === text && Math.abs(word.startMs - startMs) < 200),
    );
    assert.ok(right.length >= said.length / 2, `${right.length} of ${said.length}: ${hypothesis!.text}`);
  },
);
