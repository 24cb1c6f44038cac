import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Event } from '../../plugin/events/contract/v1/schema.ts';
import { readRecording } from '../../server/sample/index.ts';
import { runCli } from '../support/run-cli.ts';
import { timelineData } from '../support/timeline-data.ts';

test('the demo plays the sample call to its end, prints events of every speaker, and shows them on a page', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'undertone-demo-'));
  t.after(() => rm(folder, { recursive: true }));
  const page = join(folder, 'call.html');
  const { code, stdout, stderr } = await runCli('demo', '--json', '--timeline', page);
  assert.equal(code, 0, stderr);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => Event.parse(JSON.parse(line)));
  const { speakers } = await readRecording();
  for (const { id } of speakers) {
    const finals = events.filter((event) => event.type === 'emotion.final' && event.participantId === id);
    assert.ok(finals.length >= 1, `a final of ${id}`);
    const full = finals.filter(
      (event) =>
        event.type === 'emotion.final' &&
        event.modalities.text.used &&
        event.modalities.audio.used &&
        event.modalities.video.used,
    );
    assert.ok(full.length >= 1, `a final of ${id} that rests on words, voice and face`);
  }
  const numbers = events.flatMap((event) => (event.type === 'emotion.interim' ? [] : [event.seq]));
  assert.deepEqual(
    numbers,
    Array.from(numbers, (_, i) => i + 1),
    'numbered without a gap',
  );

  const { participants, startMs, endMs } = timelineData(await readFile(page, 'utf8'));
  assert.deepEqual(
    participants.map(({ name }) => name),
    speakers.map(({ displayName }) => displayName),
  );
  assert.ok(endMs - startMs > 25_000);
  for (const { participantId, trace, results } of participants) {
    const finals = events.filter((event) => event.type === 'emotion.final' && event.participantId === participantId);
    assert.deepEqual(
      results.filter(({ type }) => type === 'emotion.final'),
      finals,
    );
    for (const final of finals) {
      if (final.type !== 'emotion.final') continue;
      const window = trace.windows.find(({ utteranceId }) => utteranceId === final.utteranceId);
      assert.deepEqual(
        [window?.startMs, window?.endMs, window?.closed?.by],
        [...Object.values(final.span), final.trigger],
      );
    }
    assert.ok(trace.frames.length > 0 && trace.faces.length > 0 && trace.words.length > 0);
  }
});
