import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, suite, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { InferenceClient, InferenceError, InferenceThreadLostError } from '../../../plugin/analyzer/inference/index.ts';
import type { InferenceClientOptions } from '../../../plugin/analyzer/inference/index.ts';
import { face, noise } from './fixtures/media.ts';
import { TINY_MODEL } from './fixtures/paths.ts';

const CRASHING = new URL('./fixtures/crashing-thread.ts', import.meta.url);
const SILENT = new URL('./fixtures/silent-thread.ts', import.meta.url);

function client(t: TestContext, options: Partial<InferenceClientOptions> = {}): InferenceClient {
  const made = new InferenceClient({ modelDir: TINY_MODEL, provider: 'cpu', restartDelayMs: 1, ...options });
  t.after(() => made.close());
  return made;
}

function code(expected: string, message?: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof InferenceError, String(error));
    assert.equal(error.code, expected);
    if (message) assert.match(error.message, message);
    return true;
  };
}

for (const isolation of ['thread', 'process'] as const) {
  suite(`inference in a ${isolation} of its own`, () => {
    test('says what it runs', async (t) => {
      const c = client(t, { isolation });
      const info = await c.start();
      assert.deepEqual(info.model, {
        id: 'merclip-tiny-fixture',
        version: '0.0.1',
        tier: 'open',
        licence: 'Apache-2.0',
      });
      assert.equal(info.provider, 'cpu');
      assert.equal(info.isolation, isolation);
      assert.equal(info.pid !== undefined, isolation === 'process');
      assert.deepEqual(info.text, { maxTokens: 16, contextTurns: 2 });
      assert.deepEqual(info.audio, { sampleRate: 16_000, chunkSamples: 16_000, maxChunks: 3 });
      assert.deepEqual(
        info.labelSets.map(({ id, kind, labels }) => [id, kind, labels.length]),
        [
          ['big6', 'single', 7],
          ['sentiment', 'ordinal', 7],
          ['tags', 'multi', 3],
          ['vad', 'dimensional', 3],
        ],
      );
      assert.equal(c.state, 'ready');
    });

    test('scores an utterance of all modalities, and leaves the buffers to their owner', async (t) => {
      const c = client(t, { isolation });
      await c.start();
      const pcm = noise(1, 16_000);
      const pixels = face(1, 16);
      const [text, second, rest, crop] = await Promise.all([
        c.encodeText('I am so happy!'),
        c.encodeAudio('her', pcm),
        c.encodeAudio('her', pcm.subarray(0, 5000)),
        c.encodeFace(pixels),
      ]);
      assert.equal(pcm.length, 16_000);
      assert.equal(pixels.length, 768);
      const vision = [{ tokens: crop, atMs: 0, quality: 1 }];
      const first = await c.fuse({ text, audio: [second, rest], vision, wantSentiment: true });
      const again = await c.fuse({ text, audio: [second, rest], vision, wantSentiment: true });
      assert.deepEqual(again.labels, first.labels);
      assert.deepEqual(first.used, { textTokens: text.count, audioChunks: 2, faces: 1 });
      assert.equal(first.labelSet.id, 'big6');
      assert.equal(first.labels.length, 7);
      assert.equal(first.confidence, first.labels[0]!.p);
      assert.ok(Math.abs(first.sentiment!) <= 3);
      assert.ok(first.timing.inferMs > 0 && first.timing.queuedMs >= 0 && first.timing.batch === 1);
    });

    test('labels given at run time work at once and survive a lost thread', async (t) => {
      const c = client(t, { isolation, entry: CRASHING });
      await c.start();
      const set = await c.defineLabels({ labels: ['engaged', 'confused', 'bored'] });
      assert.equal(set.kind, 'single');
      const text = await c.encodeText('what is that?');
      const before = await c.fuse({ text, labelSetId: set.id });
      assert.deepEqual(before.labels.map(({ name }) => name).sort(), ['bored', 'confused', 'engaged']);
      await assert.rejects(c.encodeText('crash'), InferenceThreadLostError);
      const after = await c.fuse({ text, labelSetId: set.id });
      assert.deepEqual(after.labels, before.labels);
    });

    test('a lost thread rejects what was with it as retryable, keeps what waited, and is started again', async (t) => {
      const c = client(t, { isolation, entry: CRASHING, maxBatch: { text: 1 } });
      await c.start();
      const states: string[] = [];
      c.on('state', (state) => states.push(state));
      const [lost, kept] = await Promise.allSettled([c.encodeText('crash'), c.encodeText('hello')]);
      assert.equal(lost.status, 'rejected');
      assert.ok(lost.reason instanceof InferenceThreadLostError && lost.reason.retryable);
      assert.match(lost.reason.message, isolation === 'thread' ? /the driver fell over/ : /SIGKILL/);
      assert.equal(kept.status, 'fulfilled');
      assert.deepEqual(states, ['degraded', 'ready']);
      assert.equal(c.stats().restarts, 1);
      assert.equal((await c.encodeText('hello')).count, 3);
    });

    test('a thread that keeps failing is given up', async (t) => {
      const c = client(t, { isolation, entry: CRASHING, maxRestarts: 1 });
      await c.start();
      await assert.rejects(c.encodeText('crash'), code('thread-lost'));
      await assert.rejects(c.encodeText('crash'), code('thread-lost'));
      if (c.state !== 'failed') await once(c, 'state');
      assert.equal(c.state, 'failed');
      await assert.rejects(c.encodeText('hello'), (error: unknown) => {
        assert.ok(code('thread-lost', /given up after 1 restarts/)(error));
        return !(error as InferenceError).retryable;
      });
    });

    test('draining waits for all results, closing refuses more', async (t) => {
      const c = client(t, { isolation });
      await c.start();
      let done = 0;
      for (let i = 0; i < 20; i++) void c.encodeAudio('her', noise(i, 16_000)).then(() => done++);
      await c.drain();
      assert.equal(done, 20);
      assert.ok(c.stats().done.audio.batches < 20, 'they went in batches');
      await c.close();
      assert.equal(c.state, 'closed');
      await assert.rejects(c.encodeText('hello'), code('closed'));
    });
  });
}

test('a process that hangs while it opens the model is ended and reported', async (t) => {
  const c = client(t, { isolation: 'process', entry: SILENT, openTimeoutMs: 200 });
  await assert.rejects(c.start(), code('thread-lost', /no answer within 200 ms/));
  assert.equal(c.state, 'failed');
});

test('a process that hangs in a run is ended, its request may be made again, and a new one takes over', async (t) => {
  const c = client(t, { isolation: 'process', entry: CRASHING, runTimeoutMs: 1000 });
  const { pid } = await c.start();
  await assert.rejects(c.encodeText('hang'), (error: unknown) => {
    assert.ok(error instanceof InferenceThreadLostError && error.retryable);
    return /no answer within 1000 ms/.test(error.message);
  });
  assert.equal((await c.encodeText('hello')).count, 3);
  assert.notEqual(c.info.pid, pid);
});

test('closing does not wait for a process that hangs while it opens the model', async (t) => {
  const c = client(t, { isolation: 'process', entry: SILENT });
  const started = assert.rejects(c.start(), code('thread-lost', /SIGKILL/));
  // Past the choice of a provider, which needs no probe here, the process is there.
  await new Promise((resolve) => setImmediate(resolve));
  await c.close();
  await started;
  assert.equal(c.state, 'closed');
});

test('work of a person who withdraws is rejected as discarded', async (t) => {
  const c = client(t);
  await c.start();
  const hers = [1, 2, 3].map((seed) => c.encodeAudio('her', noise(seed, 16_000)));
  const text = c.encodeText('hello', { key: 'her' });
  const his = c.encodeAudio('him', noise(4, 16_000));
  await Promise.resolve();
  c.discard('her');
  for (const request of [...hers, text]) await assert.rejects(request, code('discarded'));
  assert.equal((await his).modality, 'audio');
});

for (const provider of ['cpu', 'auto']) {
  test(`closing while starting with ${provider} ends it`, async (t) => {
    const c = client(t, { provider });
    const started = assert.rejects(c.start(), code('closed'));
    await c.close();
    await started;
    assert.equal(c.state, 'closed');
  });
}

test('start tells a wrong folder, a wrong provider and a second start in one sentence', async (t) => {
  await assert.rejects(client(t, { modelDir: '/nowhere' }).start(), code('model-folder', /^Model folder \/nowhere: /));
  await assert.rejects(client(t, { provider: 'rocm' }).start(), code('provider-unavailable', /'rocm' is not known/));
  assert.throws(() => client(t, { threads: 0 }), code('invalid-input', /^threads: 0 is not allowed/));
  const c = client(t);
  await assert.rejects(c.encodeText('hello'), code('closed', /call start\(\) first/));
  await c.start();
  await assert.rejects(c.start(), code('closed', /already ready/));
});

suite('label sets given at run time', () => {
  test('are the same set when they say the same, and another when they do not', async (t) => {
    const c = client(t);
    await c.start();
    const a = await c.defineLabels({ labels: ['engaged', 'bored'] });
    const same = await c.defineLabels({ labels: ['engaged', { name: 'bored' }] });
    const multi = await c.defineLabels({ labels: ['engaged', 'bored'], kind: 'multi' });
    const other = await c.defineLabels({ labels: ['engaged', { name: 'bored', prompt: 'this person is not amused' }] });
    assert.deepEqual(same, a);
    assert.notEqual(multi.id, a.id);
    assert.equal(multi.hash, a.hash, 'the same question was asked');
    assert.notEqual(other.hash, a.hash);
    assert.equal((await c.defineLabels('tags')).kind, 'multi');
    assert.equal((await c.defineLabels(a.id)).id, a.id);
  });

  test('are the shipped set that has the same names, or have its meaning', async (t) => {
    const c = client(t);
    const { labelSets } = await c.start();
    const names = labelSets.find((set) => set.id === 'big6')!.labels.map(({ name }) => name);
    assert.equal((await c.defineLabels({ labels: [...names].reverse() })).id, 'big6');
    const own = await c.defineLabels({ id: 'mine', labels: [...names].reverse() });
    assert.equal(own.id, 'mine');
    const text = await c.encodeText('so good');
    const [shipped, mine] = [await c.fuse({ text }), await c.fuse({ text, labelSetId: own.id })];
    assert.deepEqual(
      mine.labels.map(({ name }) => name),
      shipped.labels.map(({ name }) => name),
    );
  });

  test('of the ordinal kind have an expected value between their ends', async (t) => {
    const c = client(t);
    await c.start();
    const labels = [
      { name: 'bored', value: 0 },
      { name: 'engaged', value: 10 },
    ];
    const { id } = await c.defineLabels({ id: 'attention', kind: 'ordinal', labels });
    assert.equal(id, 'attention');
    const { score, labels: scored } = await c.fuse({ text: await c.encodeText('ok'), labelSetId: id });
    assert.ok(Math.abs(score! - 10 * scored.find(({ name }) => name === 'engaged')!.p) < 1e-6);
  });

  test('are refused by id where nobody defined them', async (t) => {
    const c = client(t);
    await c.start();
    await assert.rejects(
      c.fuse({ labelSetId: 'moods' }),
      code('invalid-input', /'moods' is no label set; there are big6,/),
    );
  });
});

suite('label sets are refused by field', () => {
  const c = new InferenceClient({ modelDir: TINY_MODEL, provider: 'cpu' });
  before(() => c.start());
  after(() => c.close());

  for (const [what, spec, message] of [
    ['too few', { labels: ['one'] }, /^labels: 1 labels were given; 2 to 64 are allowed/],
    ['too many', { labels: Array.from({ length: 65 }, (_, i) => `l${i}`) }, /^labels: 65 labels were given/],
    ['none', {}, /^labels: no list was given/],
    ['an empty name', { labels: ['a', ' '] }, /^labels\[1\]: ' ' is not allowed; 1 to 80 characters/],
    ['a long name', { labels: ['a', { name: 'x'.repeat(81) }] }, /^labels\[1\]\.name: 'x+… is not allowed/],
    ['a name that is no text', { labels: ['a', 7] }, /^labels\[1\]: 7 is not allowed/],
    ['nothing for a label', { labels: ['a', null] }, /^labels\[1\]: null is not allowed/],
    ['the same name twice', { labels: ['joy', 'calm', 'Joy'] }, /^labels\[2\]: 'Joy' is there twice/],
    [
      'an unknown kind',
      { labels: ['a', 'b'], kind: 'fuzzy' },
      /^kind: 'fuzzy' is not known; allowed are single, multi/,
    ],
    ['an ordinal set without values', { labels: ['a', 'b'], kind: 'ordinal' }, /^labels\[0\]\.value: missing/],
    ['a value that is no number', { labels: ['a', { name: 'b', value: Number.NaN }] }, /^labels\[1\]\.value: .*finite/],
    ['a strange id', { id: '../x', labels: ['a', 'b'] }, /^id: '..\/x' is not allowed/],
    ['the id of a shipped set', { id: 'big6', labels: ['a', 'b'] }, /^id: the label set 'big6' is defined with other/],
  ] as [string, never, RegExp][]) {
    test(`with ${what}`, () => assert.rejects(c.defineLabels(spec), code('invalid-input', message)));
  }
});

suite('input of any size', () => {
  test('is encoded or refused by field, and never harms what comes after', async (t) => {
    const c = client(t);
    await c.start();
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.oneof(fc.constant(768), fc.integer({ min: 0, max: 2000 })),
        async (words, samples, bytes) => {
          const [text, sound, crop] = await Promise.allSettled([
            c.encodeText(words),
            c.encodeAudio('her', noise(samples, samples)),
            c.encodeFace(new Uint8Array(bytes)),
          ]);
          assert.equal(text.status, 'fulfilled');
          assert.equal(sound.status, samples >= 1 && samples <= 16_000 ? 'fulfilled' : 'rejected');
          assert.equal(crop.status, bytes === 768 ? 'fulfilled' : 'rejected');
          if (sound.status === 'rejected') code('invalid-input', /^pcm: \d+ samples were given/)(sound.reason);
          if (crop.status === 'rejected') code('invalid-input', /^pixels: \d+ bytes were given; 768/)(crop.reason);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('is refused where a sample is no number or far out of range', async (t) => {
    const c = client(t);
    await c.start();
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1e9]) {
      const pcm = new Float32Array(100);
      pcm[17] = bad;
      await assert.rejects(c.encodeAudio('her', pcm), code('invalid-input', /^pcm: sample 17 is /));
    }
  });

  test('is refused where tokens are of another modality or another model', async (t) => {
    const c = client(t);
    await c.start();
    const text = await c.encodeText('hello');
    await assert.rejects(
      c.fuse({ audio: [text as never] }),
      code('invalid-input', /^audio: tokens of text were given/),
    );
    const cut = { ...text, data: text.data.slice(1) };
    await assert.rejects(
      c.fuse({ text: cut }),
      code('invalid-input', /^text: 23 values were given for 3 tokens of width 8/),
    );
  });

  test('beyond what the model takes keeps the latest sound and the best faces', async (t) => {
    const c = client(t);
    await c.start();
    const chunks = await Promise.all([1, 2, 3, 4, 5].map((seed) => c.encodeAudio('her', noise(seed, 16_000))));
    const tokens = await c.encodeFace(face(1, 16));
    const vision = Array.from({ length: 9 }, (_, i) => ({ tokens, atMs: i, quality: 1 }));
    const all = await c.fuse({ audio: chunks, vision });
    assert.deepEqual(all.used, { textTokens: 0, audioChunks: 3, faces: 4 });
    const latest = await c.fuse({ audio: chunks.slice(2), vision: vision.slice(0, 4) });
    assert.deepEqual(latest.labels, all.labels);
  });
});
