import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { EmotionFinal } from '../../plugin/events/contract/v1/schema.ts';
import { parseVtt } from '../../plugin/transcript/index.ts';
import { readRecording } from '../../server/sample/index.ts';
import { derivedModel } from '../analyzer/inference/fixtures/derived-model.ts';
import { TINY_MODEL } from '../analyzer/inference/fixtures/paths.ts';
import { runCli } from '../support/run-cli.ts';
import { sampleWav } from '../support/sample-wav.ts';
import { transcriptPath, type TranscriptFileName } from '../transcript/fixtures.ts';

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

const TRANSCRIPTS: [name: TranscriptFileName, voice?: string][] = [
  ['talk.srt'],
  ['whisper.json'],
  ['whisper-cpp.json'],
  ['vexa.json', 'Ada'],
  ['deepgram.json', '0'],
  ['amazon-transcribe.json', 'spk_0'],
];
for (const [name, voice] of TRANSCRIPTS) {
  test(`the words of ${name} are taken, and none of another voice`, async () => {
    const speaker = voice === undefined ? [] : ['--speaker', voice];
    const args = ['--transcript', transcriptPath(name), ...speaker, '--model', TINY_MODEL, '--json'];
    const { code, stdout, stderr } = await runCli('analyze', wav, ...args);
    assert.equal(code, 0, stderr);
    const said = finalsOf(stdout).flatMap(({ transcript }) => (transcript ? [transcript.text] : []));
    assert.match(said.join(' '), voice === undefined ? /^We shipped it\.? At last!?$/ : /^We shipped it\.$/);
  });
}

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

test('labels that are the names of a shipped set are that set, with its calibration', async () => {
  const names = ['Disgust', 'fear', 'surprise', 'sadness', 'anger', 'joy', 'neutral'];
  const [mine, shipped] = await Promise.all(
    [names.join(','), 'big6'].map((labels) =>
      runCli('analyze', wav, '--model', TINY_MODEL, '--labels', labels, '--json'),
    ),
  );
  const [asNames, asSet] = [finalsOf(mine!.stdout), finalsOf(shipped!.stdout)];
  assert.ok(asNames.length > 0);
  assert.deepEqual(
    asNames.map(({ labelSet, labels }) => [labelSet, labels]),
    asSet.map(({ labelSet, labels }) => [labelSet, labels]),
  );
});

test('a model with a dimensional set gives valence, arousal and dominance', async () => {
  const { code, stdout, stderr } = await runCli('analyze', wav, '--model', TINY_MODEL, '--json');
  assert.equal(code, 0, stderr);
  const finals = finalsOf(stdout);
  assert.ok(finals.length > 0);
  for (const { dimensions } of finals) {
    const { valence, arousal, dominance } = dimensions!;
    for (const p of [valence!, arousal!, dominance!]) assert.ok(p > 0 && p < 1, JSON.stringify(dimensions));
    assert.equal(new Set([valence, arousal, dominance]).size, 3);
  }
});

test('words are read with the turns before them by a model that was trained so', async (t) => {
  const alone = await derivedModel(t, ({ text }) => (text.contextTurns = 0));
  const short = join(folder, 'short.vtt');
  // Long ones would leave the fixture model no room for what was said before.
  await writeFile(
    short,
    (await readFile(vtt, 'utf8')).replace(/^[^\d\n].*$/gm, (line) => line.split(' ', 2).join(' ')),
  );
  const [without, with2] = await Promise.all(
    [alone, TINY_MODEL].map((model) => runCli('analyze', wav, '--model', model, '--transcript', short, '--json')),
  );
  const [before, after] = [finalsOf(without!.stdout), finalsOf(with2!.stdout)];
  assert.ok(before.length >= 2);
  assert.deepEqual(
    after.map(({ transcript }) => transcript),
    before.map(({ transcript }) => transcript),
  );
  const same = after.map(({ labels }, i) => isDeepStrictEqual(labels, before[i]!.labels));
  assert.deepEqual(
    same,
    same.map((_, i) => i === 0),
    'nothing comes before the first',
  );
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
  [
    'a folder without recordings',
    async () => {
      const empty = join(folder, 'empty');
      await mkdir(empty, { recursive: true });
      return [empty];
    },
    /the folder has no recording; known are \.wav/,
  ],
  ['no file', async () => [], /analyze needs one FILE\.wav/],
  ['a transcript that is none', async () => [wav, '--transcript', wav], /transcript: /],
  [
    'a transcript of several voices, of whom none is named',
    async () => [wav, '--transcript', transcriptPath('vexa.json')],
    /transcript: it names 2 voices \("Ada", "Bob"\); say by speaker/,
  ],
  [
    'a speaker who is not in the transcript',
    async () => [wav, '--transcript', transcriptPath('vexa.json'), '--speaker', 'Eve'],
    /speaker "Eve" is not in it; it names "Ada", "Bob"/,
  ],
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
  for (const option of ['--transcript', '--speaker', '--labels', '--json', '--model', '--provider'])
    assert.ok(stdout.includes(option));
});
