import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Event } from '../../plugin/events/contract/v1/schema.ts';
import { readRecording } from '../../server/sample/index.ts';
import { runCli } from '../support/run-cli.ts';

test('the demo plays the sample call to its end and prints events of every speaker', async () => {
  const { code, stdout, stderr } = await runCli('demo', '--json');
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
});
