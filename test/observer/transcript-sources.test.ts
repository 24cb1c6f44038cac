import assert from 'node:assert/strict';
import test from 'node:test';
import { TranscriptSources } from '../../plugin/observer/TranscriptSources.ts';
import { TranscriptSegmentError } from '../../plugin/transcript/index.ts';
import type { TranscriptSegment } from '../../plugin/index.ts';

/** A source that gives what the test puts in. */
function line(name: string) {
  let next = Promise.withResolvers<TranscriptSegment>();
  const source = {
    name,
    async *segments(signal: AbortSignal) {
      while (!signal.aborted) yield await next.promise;
    },
  };
  const say = async (participantId: string) => {
    const { resolve } = next;
    next = Promise.withResolvers();
    resolve({ participantId, segmentId: 's', text: 'hi', final: true });
    // The source's own steps, until it waits for more.
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  };
  return { source, say, break: (error: Error) => next.reject(error) };
}

function rig() {
  const changes: (string | undefined)[] = [];
  const told: string[] = [];
  const sources: TranscriptSources = new TranscriptSources({
    push: ({ participantId }) => {
      if (participantId === 'bad') throw new TranscriptSegmentError('participantId', 'is bad');
    },
    tell: (code) => told.push(code),
    changed: () => changes.push(sources.trouble),
  });
  return { sources, changes, told, signal: new AbortController().signal };
}

test('a source that gives no words for half a minute of speech hangs, until it gives some', async () => {
  const { sources, changes, signal } = rig();
  const { source, say } = line('slow');
  sources.add(source, signal);
  for (let i = 0; i < 6; i += 1) sources.spoke('ada', 5000);
  assert.deepEqual(changes, []);
  sources.spoke('ada', 5000);
  assert.deepEqual(changes, ['source slow gave no words for 35 s of speech']);
  await say('ada');
  assert.deepEqual(changes.slice(1), [undefined]);
});

test('a source is not expected to give words of others than those whose words it gave', async () => {
  const { sources, changes, signal } = rig();
  const { source, say } = line('ada’s browser');
  sources.add(source, signal);
  await say('ada');
  sources.spoke('bob', 60_000);
  assert.deepEqual(changes, []);
  sources.spoke('ada', 31_000);
  assert.equal(changes.length, 1);
});

test('silence of a room, and of a source that has ended, is no trouble', async () => {
  const { sources, changes, signal } = rig();
  sources.spoke('ada', 60_000);
  sources.add({ name: 'file', async *segments() {} }, signal);
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
  sources.spoke('ada', 60_000);
  assert.deepEqual(changes, []);
});

test('no more than ten refused segments of a source are told of', async () => {
  const { sources, told, signal } = rig();
  const { source, say } = line('muddled');
  sources.add(source, signal);
  for (let i = 0; i < 30; i += 1) await say('bad');
  assert.deepEqual(told, Array(10).fill('transcript-segment-refused'));
});
