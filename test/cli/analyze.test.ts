import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EmotionFinal } from '../../plugin/events/contract/v1/schema.ts';
import { parseVtt } from '../../plugin/transcript/index.ts';
import { readRecording } from '../../server/sample/index.ts';
import { runCli } from '../support/run-cli.ts';
import { sampleWav } from '../support/sample-wav.ts';

let folder: string;
let wav: string;
let vtt: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-analyze-'));
  const { speakers, cues } = await readRecording();
  const [speaker] = speakers;
  wav = join(folder, 'talk.wav');
  vtt = join(folder, 'talk.vtt');
  await writeFile(wav, await sampleWav(speaker!.id));
  const stamp = (ms: number) => new Date(ms).toISOString().slice(11, 23);
  const own = cues.filter((cue) => cue.speaker === speaker!.displayName);
  const blocks = own.map(({ startMs, endMs, text }) => `${stamp(startMs)} --> ${stamp(endMs)}\n${text}\n`);
  const file = ['WEBVTT\n', ...blocks].join('\n');
  assert.equal(parseVtt(file).length, own.length);
  await writeFile(vtt, file);
});

after(() => rm(folder, { recursive: true }));

const finalsOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => EmotionFinal.parse(JSON.parse(line)));

test('a recording with its transcript gives one final a line, from voice and words', async () => {
  const { code, stdout, stderr } = await runCli('analyze', wav, '--transcript', vtt, '--json');
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  const finals = finalsOf(stdout);
  assert.ok(finals.length >= 2);
  for (const [i, final] of finals.entries()) {
    assert.deepEqual([final.modalities.audio.used, final.modalities.text.used], [true, true], JSON.stringify(final));
    assert.ok(final.transcript!.text.length > 0);
    if (i > 0) assert.ok(final.span.startMs >= finals[i - 1]!.span.endMs, 'in the order of time');
  }
  assert.equal(new Set(finals.map(({ utteranceId }) => utteranceId)).size, finals.length);
});

test('without a transcript it goes by the voice alone, and says so', async () => {
  const { code, stdout } = await runCli('analyze', wav, '--json');
  assert.equal(code, 0);
  for (const { modalities, transcript } of finalsOf(stdout)) {
    assert.deepEqual([modalities.text.used, modalities.text.reason], [false, 'no-words']);
    assert.equal(transcript, undefined);
  }
});

test('labels of the command line are the ones asked for', async () => {
  const { code, stdout } = await runCli('analyze', wav, '--labels', 'engaged, confused, bored', '--json');
  assert.equal(code, 0);
  for (const { labels } of finalsOf(stdout)) {
    assert.deepEqual(labels.map(({ name }) => name).sort(), ['bored', 'confused', 'engaged']);
  }
});

test('for people it prints a line per utterance in careful words', async () => {
  const { code, stdout } = await runCli('analyze', wav);
  assert.equal(code, 0);
  for (const line of stdout.trim().split('\n')) {
    assert.match(line, /^\d+:\d\d\.\d {2}speaker: (cues suggest .* \d+ %|not clear enough to say).* \| sentiment [+-]/);
  }
});

const refusals: [name: string, args: () => Promise<string[]>, message: RegExp][] = [
  [
    'a truncated WAV file',
    async () => {
      const file = join(folder, 'cut.wav');
      await writeFile(file, (await sampleWav((await readRecording()).speakers[0]!.id)).subarray(0, 100_000));
      return [file];
    },
    /cut\.wav: the WAV file is truncated/,
  ],
  ['a file that is no WAV', async () => [vtt], /talk\.vtt: not a WAV file/],
  ['a file that is not there', async () => [join(folder, 'none.wav')], /none\.wav: there is no such file/],
  ['a folder', async () => [folder], /is a folder/],
  ['no file', async () => [], /analyze needs one FILE\.wav/],
  ['a transcript that is none', async () => [wav, '--transcript', wav], /transcript: /],
  ['an empty label', async () => [wav, '--labels', 'a,,b'], /--labels: "a,,b" has an empty label/],
  ['an unknown label set', async () => [wav, '--labels', 'moods'], /'moods' is no label set; there are .*big6/],
  [
    'an unknown kind of labels',
    async () => [wav, '--labels', 'a,b', '--label-kind', 'some'],
    /--label-kind: "some" is not one of single, multi/,
  ],
  ['an unknown model', async () => [wav, '--model', 'huge'], /huge/],
  ['an unknown provider', async () => [wav, '--provider', 'tpu'], /provider: .*"cpu"/],
  ['an unknown option', async () => [wav, '--loud'], /--loud/],
];

for (const [name, args, message] of refusals) {
  test(`one sentence and exit code 2 for ${name}`, async () => {
    const { code, stdout, stderr } = await runCli('analyze', ...(await args()));
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  });
}

test('help tells every option', async () => {
  const { code, stdout } = await runCli('analyze', '--help');
  assert.equal(code, 0);
  for (const option of ['--transcript', '--labels', '--json', '--model', '--provider'])
    assert.ok(stdout.includes(option));
});
