import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EmotionFinal, EmotionInterim } from '../../plugin/events/contract/v1/schema.ts';
import { readRecording, SAMPLE_MEDIA_DIR } from '../../server/sample/index.ts';
import type { TimelineFile } from '../../server/timeline/index.ts';
import { TINY_MODEL } from '../analyzer/inference/fixtures/paths.ts';
import { runCli } from '../support/run-cli.ts';
import { sampleWav } from '../support/sample-wav.ts';
import { timelineData } from '../support/timeline-data.ts';

let folder: string;
let wav: string;
let vtt: string;
let spoken: { text: string; startMs: number; endMs: number }[];
let finals: EmotionFinalEvent[];
let data: TimelineFile;

type EmotionFinalEvent = ReturnType<typeof EmotionFinal.parse>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-timeline-'));
  const { speakers, cues } = await readRecording();
  const [speaker] = speakers;
  wav = join(folder, 'talk.wav');
  vtt = join(folder, 'talk.vtt');
  await writeFile(wav, await sampleWav(speaker!.id));
  const stamp = (ms: number) => new Date(ms).toISOString().slice(11, 23);
  const own = cues.filter((cue) => cue.speaker === speaker!.displayName);
  const blocks = own.map(({ startMs, endMs, words }) => {
    const text = words!.map((word, i) => `${i > 0 ? `<${stamp(word.startMs)}>` : ''}${word.text}`).join(' ');
    return `${stamp(startMs)} --> ${stamp(endMs)}\n${text}\n`;
  });
  // In a long silence: no window is there for it.
  const lost = `${stamp(8_000)} --> ${stamp(8_500)}\nelsewhere\n`;
  await writeFile(vtt, ['WEBVTT\n', ...blocks, lost].join('\n'));
  spoken = own.flatMap(({ words }) => [...words!]);

  const page = join(folder, 'out.html');
  const video = join(SAMPLE_MEDIA_DIR, `${speaker!.id}.ivf`);
  const options = ['--transcript', vtt, '--video', video, '--model', TINY_MODEL, '--timeline', page, '--json'];
  const { code, stdout, stderr } = await runCli('analyze', wav, ...options);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  finals = stdout
    .trim()
    .split('\n')
    .map((line) => EmotionFinal.parse(JSON.parse(line)));
  data = timelineData(await readFile(page, 'utf8'));
});

after(() => rm(folder, { recursive: true }));

test('the timeline has each window with what opened and closed it, as the finals on the output do', () => {
  assert.equal(data.participants.length, 1);
  const { windows } = data.participants[0]!.trace;
  const real = windows.filter(({ discarded }) => !discarded);
  assert.deepEqual(
    real.map(({ utteranceId, startMs, endMs, closed }) => ({ utteranceId, startMs, endMs, by: closed?.by })),
    finals.map(({ utteranceId, span, trigger }) => ({ utteranceId, ...span, by: trigger })),
  );
  for (const { opened, closed, startMs, endMs } of real) {
    assert.equal(opened.by, 'speech');
    assert.ok(opened.atMs > startMs && opened.atMs < endMs!, 'it was known soon after its start');
    assert.ok(closed!.atMs > endMs!, 'an end is known after it');
  }
});

test('the timeline has the level and the speech probability of every 32 ms, louder and likelier in the windows', () => {
  const { trace } = data.participants[0]!;
  const lengthMs = data.endMs - data.startMs;
  assert.equal(trace.frames.length, 1);
  const [{ startMs, frameMs, level, speech }] = trace.frames as [(typeof trace.frames)[0]];
  assert.equal(frameMs, 32);
  assert.equal(level.length, Math.ceil(lengthMs / 32));
  assert.equal(speech.length, level.length);
  const mean = (values: number[], inside: boolean) => {
    const chosen = values.filter((_, i) => {
      const atMs = startMs + i * frameMs;
      return inside === trace.windows.some((window) => atMs >= window.startMs && atMs < window.endMs!);
    });
    return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
  };
  assert.ok(mean(level, true) > mean(level, false) + 20);
  assert.ok(mean(speech, true) > 0.8);
  assert.ok(mean(speech, false) < 0.1);
});

test('the timeline has every word with its times and its window, and the one that found none', () => {
  const { words, windows } = data.participants[0]!.trace;
  const placed = words.filter(({ utteranceId }) => utteranceId !== null);
  assert.deepEqual(
    placed.map(({ text, startMs, endMs }) => ({ text, startMs, endMs })),
    spoken,
  );
  assert.deepEqual(
    words.filter(({ utteranceId }) => utteranceId === null).map(({ text }) => text),
    ['elsewhere'],
  );
  for (const { utteranceId, startMs, endMs, final } of placed) {
    const window = windows.find((one) => one.utteranceId === utteranceId)!;
    assert.ok(Math.min(endMs, window.endMs!) > Math.max(startMs, window.startMs), 'it overlaps its window');
    assert.equal(final, true);
  }
});

test('the timeline has a face quality for each sampled frame of the video, and the finals rest on faces', () => {
  const { faces } = data.participants[0]!.trace;
  const expected = ((data.endMs - data.startMs) / 1000) * 2;
  assert.ok(Math.abs(faces.length - expected) <= 2, `${faces.length} of ${expected}`);
  assert.ok(faces.filter(({ quality }) => quality !== null && quality > 0.5).length > faces.length / 2);
  for (const { modalities } of finals) assert.ok(modalities.video.used, JSON.stringify(modalities));
});

test('the timeline has all results as events of the contract, interim ones too, which the output has not', () => {
  const { results } = data.participants[0]!;
  const interims = results.filter(({ type }) => type === 'emotion.interim');
  assert.ok(interims.length >= 1);
  for (const interim of interims) EmotionInterim.parse(interim);
  assert.deepEqual(
    results.filter(({ type }) => type === 'emotion.final'),
    finals,
  );
});

test('without a video no face is in the timeline, and finals are the same as without a timeline', async () => {
  const page = join(folder, 'voice.html');
  const run = async (...options: string[]) => {
    const { code, stdout, stderr } = await runCli('analyze', wav, '--model', TINY_MODEL, '--json', ...options);
    assert.equal(code, 0, stderr);
    const lines = stdout.trim().split('\n');
    return lines.map((line) => {
      const { span, labels, sentiment, trigger } = EmotionFinal.parse(JSON.parse(line));
      return { span, labels, sentiment, trigger };
    });
  };
  const [without, with_] = await Promise.all([run(), run('--timeline', page)]);
  assert.deepEqual(with_, without);
  assert.deepEqual(timelineData(await readFile(page, 'utf8')).participants[0]!.trace.faces, []);
});

test('words in the transcript cannot become part of the page', async () => {
  const hostile = join(folder, 'hostile.vtt');
  const page = join(folder, 'hostile.html');
  const text = '&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;!--';
  await writeFile(hostile, `WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n${text}\n`);
  const { code, stderr } = await runCli(
    'analyze',
    wav,
    ...['--model', TINY_MODEL, '--transcript', hostile, '--timeline', page],
  );
  assert.equal(code, 0, stderr);
  const html = await readFile(page, 'utf8');
  const { words } = timelineData(html).participants[0]!.trace;
  assert.ok(
    words
      .map((word) => word.text)
      .join(' ')
      .includes('</script><script>alert(1)'),
  );
  assert.equal(html.includes('alert(1)</script>'), false);
});

const refusals: [name: string, args: () => Promise<string[]>, message: RegExp][] = [
  ['a folder in place of the page', async () => ['--timeline', folder], /--timeline: .*is no file/],
  ['a page in no folder', async () => ['--timeline', join(folder, 'none', 'x.html')], /there is no folder .*none/],
  ['a video that is none', async () => ['--video', vtt], /--video: .*this is no IVF file/],
];

for (const [name, args, message] of refusals) {
  test(`one sentence and exit code 2 for ${name}, before anything is analysed`, async () => {
    const { code, stdout, stderr } = await runCli('analyze', wav, ...(await args()));
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  });
}

test(
  'a folder that cannot be written to is told before anything is analysed',
  { skip: process.getuid?.() === 0 ? 'root may write everywhere' : false },
  async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o500);
    const { code, stderr } = await runCli('analyze', wav, '--timeline', join(closed, 'x.html'));
    assert.equal(code, 2);
    assert.match(stderr, /cannot be written to/);
  },
);

test('nothing but the pages that were asked for is left beside them', async () => {
  const names = await readdir(folder);
  assert.deepEqual(
    names.filter((name) => name.includes('.part')),
    [],
  );
});
