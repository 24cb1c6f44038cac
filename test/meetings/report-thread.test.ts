/** Reports on a thread of their own are the same, and what goes wrong with one does not spoil the next. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVERYBODY } from '../../plugin/index.ts';
import { reportHere } from '../../server/report/ReportMaker.ts';
import { ReportThread } from '../../server/report/ReportThread.ts';
import { talk } from './support.ts';

const ROOM = { roomId: 'standup' };
const wanted = { view: EVERYBODY, over: true };
const lines = talk(['ada', 'bob'], 4, 1_000_000, ROOM.roomId).map((event) => JSON.stringify(event));

async function here() {
  const maker = reportHere(ROOM);
  await maker.add(lines);
  return maker.report(wanted);
}

test('a thread makes the report that is made here, for one meeting after the other', async () => {
  const thread = new ReportThread();
  for (let count = 0; count < 2; count += 1) {
    const maker = await thread.begin(ROOM);
    for (const line of lines) await maker.add([line]);
    assert.deepEqual(await maker.report(wanted), await here());
  }
  const empty = await (await thread.begin(ROOM)).report(wanted);
  assert.deepEqual([empty.participants, empty.lengthMs], [[], 0], 'nothing of the one before is left');
  thread.close();
});

test('an event that is none, and a k that is too small, are told; the next report is made', async () => {
  const thread = new ReportThread();
  const broken = await thread.begin(ROOM);
  await assert.rejects(async () => broken.add(['{"v":1}']), /type/);
  const small = await thread.begin(ROOM);
  await assert.rejects(async () => small.report({ ...wanted, k: 2 }), /k: 2 is not a whole number of 5 or more/);
  const maker = await thread.begin(ROOM);
  await maker.add(lines);
  assert.deepEqual(await maker.report(wanted), await here());
  thread.close();
});

test('a thread that is ended in the middle costs that report alone', async () => {
  const thread = new ReportThread();
  const maker = await thread.begin(ROOM);
  const pending = maker.add(lines);
  thread.close();
  await assert.rejects(async () => pending, /the thread of the reports has ended/);
  await assert.rejects(async () => maker.report(wanted), /has ended/, 'not one of half the events');
  const next = await thread.begin(ROOM);
  await next.add(lines);
  assert.deepEqual(await next.report(wanted), await here());
  thread.close();
});
