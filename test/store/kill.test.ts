import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../scripts/random.ts';
import type { StorePlace } from '../../server/store/index.ts';
import { onBothStores } from './support.ts';

const CHILD = fileURLToPath(new URL('recording-child.ts', import.meta.url));
const AT_ONCE = 4;

/** Lets a process record and ends it by SIGKILL so long after its first event; what it had emitted, and when it was killed. */
async function recordAndKill({ file, postgresUrl }: StorePlace, afterMs: number) {
  const args = [CHILD, file, ...(postgresUrl === undefined ? [] : [postgresUrl])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const exited = once(child, 'close');
  let timer: NodeJS.Timeout | undefined;
  reader.on('line', (line) => {
    lines.push(line);
    if (lines.length === 2) timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  });
  const [, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  assert.equal(signal, 'SIGKILL', 'it was recording when it was killed');
  const [meetingId = '', ...told] = lines;
  return { meetingId, emitted: told.map((line) => Number(line.split(' ')[1])), pid: child.pid };
}

type Killed = Awaited<ReturnType<typeof recordAndKill>>;

onBothStores('recording that is killed', ({ kind, fresh, open }) => {
  const times = kind === 'sqlite' ? 100 : 20;

  test(
    `at ${times} random moments loses a second at most, corrupts nothing, and that is said`,
    { timeout: 600_000 },
    async (t) => {
      const random = seededRandom(20_261_128);
      // As in life: one process a database; each is recovered by the next.
      const recorded = await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          const place = await fresh();
          const killed: Killed[] = [];
          while (killed.length < times / AT_ONCE) killed.push(await recordAndKill(place, random() * 1_200));
          return { place, killed };
        }),
      );
      const lost: number[] = [];
      for (const { place, killed } of recorded) {
        const store = await open(t, place);
        assert.deepEqual(await store.database.check(), []);
        const ended = new Set((await store.endCrashed()).map(({ meetingId }) => meetingId));
        for (const { meetingId, emitted } of killed) {
          const page = await store.page(meetingId);
          const ords: number[] = [];
          for await (const { ord } of store.readEvents(meetingId)) ords.push(ord);
          const gapless = ords.map((_, index) => index);
          assert.deepEqual(ords, gapless, 'what is kept is without a gap');
          // The last moment that the process is known to have lived against the first event that is gone.
          lost.push(ords.length < emitted.length ? emitted.at(-1)! - emitted[ords.length]! : 0);
          if (!page) continue;
          const { meeting, lanes } = page;
          assert.equal(meeting.endReason, 'crash');
          assert.equal(meeting.events, ords.length);
          assert.ok(ended.has(meetingId));
          const shown = lanes.reduce((sum, { utterances }) => sum + utterances, 0);
          assert.equal(shown, ords.length, 'its lanes hold what was kept, each once');
        }
        assert.deepEqual(await store.endCrashed(), [], 'each is said once');
      }
      assert.equal(lost.length, times);
      const killed = recorded.flatMap((one) => one.killed);
      assert.ok(
        killed.some(({ emitted }) => emitted.length > 300),
        'some had been recording for a while',
      );
      // Last, as a machine that is busy with other things may be to blame: whatever is wrong with the files has been said by now.
      const sorted = lost.toSorted((a, b) => a - b);
      t.diagnostic(`lost, ms: median ${sorted[Math.floor(times / 2)]}, at most ${sorted.at(-1)}`);
      assert.ok(sorted.at(-1)! <= 1_000, `${sorted.at(-1)} ms were lost; all of them: ${sorted.join(' ')}`);
    },
  );

  test('is not taken for crashed while it goes on', async (t) => {
    const place = await fresh();
    const store = await open(t, place);
    const args = [CHILD, place.file, ...(place.postgresUrl === undefined ? [] : [place.postgresUrl])];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    const reader = createInterface({ input: child.stdout });
    let meetingId = '';
    for await (const line of reader) {
      meetingId ||= line;
      if (await store.meeting(meetingId)) break;
    }
    child.stdout.resume();
    assert.deepEqual(await store.endCrashed(), []);
    child.kill('SIGKILL');
    await once(child, 'close');
    // PostgreSQL notices that its client is gone when it reads the next time.
    while ((await store.endCrashed()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await store.meeting(meetingId))?.endReason, 'crash');
  });
});
