import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Batcher, type BatcherOptions, type Done } from '../../../plugin/analyzer/inference/batcher.ts';
import type { Priority } from '../../../plugin/analyzer/inference/request-queue.ts';
import { InferenceError, OverloadedError, type OverloadReport } from '../../../plugin/analyzer/inference/index.ts';
import type { WorkKind } from '../../../plugin/analyzer/inference/inference-thread-protocol.ts';

/** A batcher whose clock and whose batches the test moves by hand. Requests are texts, whatever their kind. */
function setUp(options: Partial<BatcherOptions> = {}) {
  let nowMs = 0;
  const batches: { kind: WorkKind; requests: readonly unknown[]; finish: () => void; fail: (e: Error) => void }[] = [];
  const reports: OverloadReport[] = [];
  const batcher = new Batcher({
    execute: (kind, requests) =>
      new Promise((resolve, reject) => {
        const results = requests.map((request) => `${request as string}!`) as never[];
        batches.push({ kind, requests, finish: () => resolve({ results, inferMs: 5 }), fail: reject });
      }),
    maxBatch: { text: 4, audio: 4, face: 4, fuse: 4, labels: 1 },
    capacity: { final: 4, stream: 6, interim: 2 },
    overload: { afterMs: { interim: 100, 'video-rate': 200, video: 300, windows: 400 }, holdMs: 1000 },
    onOverload: (report) => reports.push(report),
    now: () => nowMs,
    ...options,
  });
  const fates = new Map<string, string>();
  return {
    batcher,
    batches,
    reports,
    /** What became of each request: `done`, or the code it was rejected with. */
    fates,
    /** Names of the requests of each batch so far. */
    sent: () => batches.map((batch) => batch.requests),
    submit(kind: WorkKind, name: string, priority: Priority = 'stream', key?: string): Promise<Done<WorkKind>> {
      const done = batcher.submit(kind, name, { priority, key });
      done.then(
        () => fates.set(name, 'done'),
        (error: unknown) => fates.set(name, error instanceof InferenceError ? error.code : String(error)),
      );
      return done;
    },
    pass: (ms: number) => (nowMs += ms),
    /** Ends the running batch and waits until the next has been sent. */
    async finish() {
      batches.at(-1)!.finish();
      await settled();
    },
  };
}

/** Promises that are due have been delivered. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

suite('greedy batching', () => {
  test('the first request goes at once; what came meanwhile goes together, up to the limit', async () => {
    const s = setUp();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) void s.submit('audio', name);
    assert.deepEqual(s.sent(), [['a']]);
    await s.finish();
    assert.deepEqual(s.sent(), [['a'], ['b', 'c', 'd', 'e']]);
    await s.finish();
    assert.deepEqual(s.sent().at(-1), ['f']);
  });

  test('finals go before media, media before interims, and a batch is of one kind', async () => {
    const s = setUp();
    void s.submit('face', 'face 1');
    void s.submit('fuse', 'interim', 'interim');
    void s.submit('audio', 'sound');
    void s.submit('face', 'face 2');
    void s.submit('text', 'words', 'final');
    void s.submit('labels', 'labels', 'final');
    for (let i = 0; i < 5; i++) await s.finish();
    assert.deepEqual(s.sent(), [['face 1'], ['words'], ['labels'], ['sound'], ['face 2'], ['interim']]);
  });

  test('a batch has room for work of its kind from lower priorities', async () => {
    const s = setUp();
    void s.submit('audio', 'sound');
    void s.submit('fuse', 'interim', 'interim');
    void s.submit('fuse', 'final', 'final');
    await s.finish();
    assert.deepEqual(s.sent().at(-1), ['final', 'interim']);
  });

  test('each result comes back to its request with what it waited and how long its batch took', async () => {
    const s = setUp();
    const first = s.submit('text', 'a', 'final');
    const second = s.submit('text', 'b', 'final');
    const third = s.submit('text', 'c', 'final');
    s.pass(20);
    await s.finish();
    s.pass(30);
    await s.finish();
    assert.deepEqual(await first, { result: 'a!', timing: { queuedMs: 0, inferMs: 5, batch: 1 } });
    assert.deepEqual(await second, { result: 'b!', timing: { queuedMs: 20, inferMs: 5, batch: 2 } });
    assert.deepEqual((await third).result, 'c!');
    assert.deepEqual(s.batcher.stats().done.text, { requests: 3, batches: 2, inferMs: 10 });
  });

  test('a batch that fails rejects its requests and the next one goes on', async () => {
    const s = setUp();
    void s.submit('text', 'a', 'final');
    void s.submit('text', 'b', 'final');
    s.batches[0]!.fail(new InferenceError('run-failed', 'no'));
    await settled();
    await s.finish();
    assert.deepEqual(Object.fromEntries(s.fates), { a: 'run-failed', b: 'done' });
  });

  test('nothing is sent while paused', async () => {
    const s = setUp();
    s.batcher.pause();
    void s.submit('audio', 'a');
    assert.deepEqual(s.sent(), []);
    s.batcher.resume();
    assert.deepEqual(s.sent(), [['a']]);
  });

  test('idle resolves when the last result is there', async () => {
    const s = setUp();
    await s.batcher.idle();
    void s.submit('audio', 'a');
    void s.submit('audio', 'b');
    let idle = false;
    const waiting = s.batcher.idle().then(() => (idle = true));
    await s.finish();
    assert.equal(idle, false);
    await s.finish();
    await waiting;
    assert.deepEqual([...s.fates.values()], ['done', 'done']);
  });

  test('closing rejects what waits and what comes, and lets the running batch finish', async () => {
    const s = setUp();
    void s.submit('audio', 'running');
    void s.submit('audio', 'waiting');
    s.batcher.close(new InferenceError('closed', 'over'));
    void s.submit('audio', 'late');
    await s.finish();
    assert.deepEqual(Object.fromEntries(s.fates), { running: 'done', waiting: 'closed', late: 'closed' });
    assert.equal(s.batches.length, 1);
  });
});

test('discarding a key drops what waits and what runs under it, and nothing else', async () => {
  const s = setUp();
  void s.submit('audio', 'hers, running', 'stream', 'her');
  void s.submit('audio', 'hers', 'stream', 'her');
  void s.submit('fuse', 'hers too', 'interim', 'her');
  void s.submit('audio', 'his', 'stream', 'him');
  s.batcher.discard('her');
  await settled();
  assert.deepEqual(
    [...s.fates],
    [
      ['hers, running', 'discarded'],
      ['hers', 'discarded'],
      ['hers too', 'discarded'],
    ],
  );
  await s.finish();
  await s.finish();
  assert.deepEqual(s.sent(), [['hers, running'], ['his']]);
  assert.equal(s.fates.get('his'), 'done');
  assert.equal(s.fates.get('hers, running'), 'discarded');
  assert.equal(s.batcher.stats().discarded, 3);
});

suite('overload', () => {
  /** One batch runs; an interim, four faces of one person, sound and a final wait behind it. */
  function congested() {
    const s = setUp({ capacity: { final: 9, stream: 9, interim: 9 } });
    void s.submit('labels', 'running', 'final');
    void s.submit('fuse', 'interim', 'interim');
    for (const i of [1, 2, 3, 4]) void s.submit('face', `face ${i}`, 'stream', 'her');
    void s.submit('audio', 'sound', 'stream', 'her');
    void s.submit('fuse', 'final', 'final');
    return s;
  }
  const given = (s: ReturnType<typeof setUp>) =>
    [...s.fates].filter(([, fate]) => fate === 'overloaded').map(([name]) => name);

  for (const [waitMs, sacrificing, lost] of [
    [99, [], []],
    [100, ['interim'], ['interim']],
    [200, ['interim', 'video-rate'], ['interim', 'face 2', 'face 4']],
    [300, ['interim', 'video-rate', 'video'], ['interim', 'face 2', 'face 4', 'face 1', 'face 3']],
    [
      400,
      ['interim', 'video-rate', 'video', 'windows'],
      ['interim', 'face 2', 'face 4', 'face 1', 'face 3', 'final', 'sound'],
    ],
  ] as const) {
    test(`after ${waitMs} ms of waiting it gives up ${lost.length === 0 ? 'nothing' : sacrificing.join(', ')}`, async () => {
      const s = congested();
      s.pass(waitMs);
      await s.finish();
      assert.deepEqual(given(s), lost);
      assert.deepEqual(s.reports.at(-1)?.sacrificing ?? [], sacrificing);
      assert.deepEqual(
        s.reports.map((report) => [report.level, report.change]),
        sacrificing.map((_, i) => [i + 1, 'raised']),
      );
      const { shed } = s.batcher.stats();
      assert.equal(
        Object.values(shed).reduce((sum, n) => sum + n, 0),
        lost.length,
      );
    });
  }

  test('each sacrifice is counted under its own name', async () => {
    const s = congested();
    s.pass(400);
    await s.finish();
    assert.deepEqual(s.batcher.stats().shed, { interim: 1, 'video-rate': 2, video: 2, windows: 2 });
  });

  test('windows are only given up where giving up the rest was not enough', async () => {
    const s = setUp();
    void s.submit('labels', 'running', 'final');
    void s.submit('face', 'old face');
    s.pass(350);
    void s.submit('fuse', 'final', 'final');
    s.pass(60);
    await s.finish();
    assert.deepEqual(given(s), ['old face']);
    assert.deepEqual(s.sent().at(-1), ['final']);
  });

  test('an interim that waits takes nothing from video', async () => {
    const s = setUp();
    void s.submit('labels', 'running', 'final');
    void s.submit('fuse', 'interim', 'interim');
    s.pass(5000);
    void s.submit('face', 'face');
    await s.finish();
    assert.deepEqual(given(s), ['interim']);
    assert.equal(s.batcher.stats().overloadLevel, 1);
  });

  test('while it lasts, newcomers fall to the same sacrifices: interims, and every second face of each person', async () => {
    const s = setUp();
    void s.submit('audio', 'running');
    void s.submit('audio', 'old');
    s.pass(250);
    await s.finish();
    assert.equal(s.batcher.stats().overloadLevel, 2);
    void s.submit('fuse', 'interim', 'interim');
    for (const i of [1, 2, 3]) {
      void s.submit('face', `her ${i}`, 'stream', 'her');
      void s.submit('face', `his ${i}`, 'stream', 'him');
    }
    await settled();
    assert.deepEqual(given(s), ['interim', 'her 2', 'his 2']);
  });

  test('sacrifices are taken back one by one when the queue has been calm for long enough', async () => {
    const s = setUp();
    void s.submit('audio', 'running');
    void s.submit('audio', 'old');
    s.pass(250);
    await s.finish();
    await s.finish();
    assert.equal(s.batcher.stats().overloadLevel, 2);
    const calm = async (ms: number) => {
      s.pass(ms);
      void s.submit('audio', 'probe');
      await s.finish();
    };
    await calm(500);
    assert.equal(s.batcher.stats().overloadLevel, 2);
    await calm(500);
    assert.equal(s.batcher.stats().overloadLevel, 1);
    await calm(999);
    assert.equal(s.batcher.stats().overloadLevel, 1);
    await calm(1);
    assert.equal(s.batcher.stats().overloadLevel, 0);
    assert.deepEqual(
      s.reports.map(({ level, change }) => [level, change]),
      [
        [1, 'raised'],
        [2, 'raised'],
        [1, 'eased'],
        [0, 'eased'],
      ],
    );
    s.batcher.close(new Error('over'));
  });

  test('with nothing more to do, it still notices by itself that the load is gone', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const s = setUp();
    void s.submit('audio', 'running');
    void s.submit('audio', 'old');
    s.pass(150);
    await s.finish();
    await s.finish();
    assert.equal(s.batcher.stats().overloadLevel, 1);
    for (let i = 0; i < 5; i++) {
      s.pass(250);
      t.mock.timers.tick(250);
    }
    assert.equal(s.batcher.stats().overloadLevel, 0);
    assert.equal(s.reports.at(-1)!.change, 'eased');
  });

  test('queues are bounded: faces give way to sound, older interims to newer ones, and old windows to new ones', async () => {
    const s = setUp({ capacity: { final: 2, stream: 2, interim: 2 } });
    void s.submit('labels', 'running', 'final');
    for (const name of ['i1', 'i2', 'i3']) void s.submit('fuse', name, 'interim');
    void s.submit('audio', 's1');
    void s.submit('face', 'f1');
    void s.submit('audio', 's2');
    void s.submit('face', 'f2');
    void s.submit('audio', 's3');
    for (const name of ['u1', 'u2', 'u3']) void s.submit('fuse', name, 'final');
    await settled();
    assert.deepEqual(given(s), ['i1', 'f1', 'f2', 's1', 'u1']);
    assert.deepEqual(s.batcher.stats().waiting, { final: 2, stream: 2, interim: 2 });
    assert.deepEqual(s.batcher.stats().shed, { interim: 1, 'video-rate': 0, video: 2, windows: 2 });
  });

  test('what is given up is rejected with an error that says so and that is not worth a retry', async () => {
    const s = setUp({ capacity: { final: 1, stream: 1, interim: 1 } });
    void s.submit('labels', 'running', 'final');
    const lost = s.submit('audio', 'a');
    void s.submit('audio', 'b');
    await assert.rejects(lost, (error: unknown) => {
      assert.ok(error instanceof OverloadedError && !error.retryable);
      assert.match(error.message, /overloaded: the oldest waiting windows are left out/);
      return true;
    });
  });
});
