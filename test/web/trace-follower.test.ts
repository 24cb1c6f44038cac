import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyBatch, type TraceBatch } from '../../plugin/events/trace/TraceTypes.ts';
import { TraceFollower, type TraceReading } from '../../server/web/trace/TraceFollower.ts';

const face = (atMs: number): TraceBatch => ({ ...emptyBatch(), faces: [{ atMs, quality: 1, reasons: [] }] });
const reading = (batches: TraceBatch[], retracted = false): TraceReading => ({ batches, retracted, lost: 0 });

/** A server that answers when it is told to. */
function server() {
  const asked: PromiseWithResolvers<TraceReading>[] = [];
  let notify: () => void = () => undefined;
  return {
    read: () => {
      const question = Promise.withResolvers<TraceReading>();
      asked.push(question);
      notify();
      return question.promise;
    },
    /** The n-th question, as soon as it is asked. */
    question: async (n: number) => {
      while (asked.length <= n) await new Promise<void>((resolve) => (notify = resolve));
      return asked[n]!;
    },
  };
}

const times = (follower: TraceFollower) => follower.trace.value?.faces.map(({ atMs }) => atMs);

const changed = (follower: TraceFollower) =>
  new Promise<void>((resolve) => {
    const end = follower.trace.subscribe(() => {
      end();
      resolve();
    });
  });

test('a follower asks again and again, and puts together what it is told', async () => {
  const { read, question } = server();
  const follower = new TraceFollower({ read, keepMs: 1_000, everyMs: 0 });
  assert.equal(times(follower), undefined);
  follower.start();
  (await question(0)).resolve(reading([face(1), face(2)]));
  (await question(1)).resolve(reading([face(3)]));
  await question(2);
  assert.deepEqual(times(follower), [1, 2, 3]);
  follower.stop();
});

test('a refusal or a lost connection ends nothing', async () => {
  const { read, question } = server();
  const follower = new TraceFollower({ read, keepMs: 1_000, everyMs: 0 });
  follower.start();
  (await question(0)).reject(new Error('timeout'));
  (await question(1)).resolve(reading([face(1)]));
  await question(2);
  assert.deepEqual(times(follower), [1]);
  follower.stop();
});

test('after a withdrawal nothing of before is shown, not even what was on its way', async () => {
  const { read, question } = server();
  const follower = new TraceFollower({ read, keepMs: 10_000, everyMs: 0 });
  follower.start();
  (await question(0)).resolve(reading([face(1)]));
  const onItsWay = await question(1);
  follower.forget();
  assert.equal(times(follower), undefined);
  onItsWay.resolve(reading([face(2)]));
  (await question(2)).resolve(reading([face(3)], true));
  await changed(follower);
  assert.deepEqual(times(follower), [3]);
  follower.stop();
});

test('what is old is let go, and a follower that was stopped asks no more', async () => {
  const { read, question } = server();
  const follower = new TraceFollower({ read, keepMs: 1_000, everyMs: 0 });
  follower.start();
  (await question(0)).resolve(reading([face(1), face(5_000)]));
  const last = await question(1);
  assert.deepEqual(times(follower), [5_000]);
  follower.stop();
  last.resolve(reading([face(6_000)]));
  await last.promise;
  assert.deepEqual(times(follower), [5_000]);
});
