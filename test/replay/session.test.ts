/** A replay in virtual time: when each event is given out, whatever is done to it meanwhile. */
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { VirtualTimeScheduler } from 'rxjs';
import { PAGE } from '../../server/replay/session/ReadAhead.ts';
import { ReplayClock } from '../../server/replay/session/ReplayClock.ts';
import { ReplaySession } from '../../server/replay/session/ReplaySession.ts';
import type { Outlet, Position, Source, Standing } from '../../server/replay/session/SessionTypes.ts';
import type { StoredEvent } from '../../server/store/index.ts';

const START = 1_000_000;
const stored = (ord: number, offsetMs: number, participantId?: string): StoredEvent => ({
  ord,
  type: 'utterance.start',
  atMs: START + offsetMs,
  ...(participantId !== undefined && { participantId }),
  json: '{}',
});

/** Time that passes when the test says so. */
class Time {
  readonly #scheduler = new VirtualTimeScheduler(undefined, 0);

  now = () => this.#scheduler.frame;

  schedule = (work: () => void, delayMs: number) => {
    const action = this.#scheduler.schedule(() => work(), delayMs);
    return () => action.unsubscribe();
  };

  /** Passes millisecond by millisecond, so that what is read meanwhile comes in its time. */
  async pass(ms: number): Promise<void> {
    await turn();
    const end = this.#scheduler.frame + ms;
    while (this.#scheduler.frame < end) {
      const next = Math.min(end, Math.floor(this.#scheduler.frame) + 1);
      // An action that does nothing takes the time along where nothing else is due.
      this.#scheduler.schedule(() => undefined, next - this.#scheduler.frame);
      this.#scheduler.maxFrames = next;
      this.#scheduler.flush();
      await turn();
    }
  }
}

class Viewer implements Outlet {
  readonly marbles: string[] = [];
  readonly given: { ord: number; at: number }[] = [];
  readonly positions: Position[] = [];
  readonly states: Standing[] = [];
  readonly forgotten: string[] = [];
  writable = true;
  #waiting: (() => void)[] = [];
  readonly #time: Time;

  constructor(time: Time) {
    this.#time = time;
  }

  read(): void {
    this.writable = true;
    for (const listener of this.#waiting.splice(0)) listener();
  }

  onceWritable(listener: () => void): void {
    this.#waiting.push(listener);
  }

  event({ ord }: StoredEvent): void {
    this.given.push({ ord, at: Math.round(this.#time.now()) });
  }

  state(standing: Standing): void {
    this.states.push(standing);
  }

  position(position: Position): void {
    this.positions.push(position);
  }

  retracted(participantId: string): void {
    this.forgotten.push(participantId);
  }

  get ords(): number[] {
    return this.given.map(({ ord }) => ord);
  }
}

interface Played {
  time: Time;
  viewer: Viewer;
  session: ReplaySession;
  events: StoredEvent[];
  mostHeld: () => number;
  /** Keeps the store from answering. */
  hold: (until: Promise<void> | undefined) => void;
}

function play(events: StoredEvent[], options: { speed?: number; paused?: boolean; fails?: boolean } = {}): Played {
  const time = new Time();
  const viewer = new Viewer(time);
  let held: Promise<void> | undefined;
  let most = 0;
  const source: Source = {
    startMs: START,
    durationMs: Math.max(...events.map(({ atMs }) => atMs - START), 0),
    read: async (from, limit) => {
      await held;
      return events.filter(({ ord }) => ord >= from).slice(0, limit);
    },
    shows: () => {
      most = Math.max(most, session.held);
      return true;
    },
    ordAt: async (ms) => events.find(({ atMs }) => atMs >= START + ms)?.ord ?? events.length,
    standing: async (ord) => ({ events: events.filter((event) => event.ord < ord).slice(-1), present: [] }),
  };
  const { speed = 1, paused = false } = options;
  const session = new ReplaySession({
    source,
    outlet: viewer,
    timing: time,
    speed,
    paused,
    failed: (error) => {
      throw error;
    },
  });
  return { time, viewer, session, events, mostHeld: () => most, hold: (until) => void (held = until) };
}

const THREE = [stored(0, 100, 'ada'), stored(1, 300, 'bob'), stored(2, 800, 'ada')];

describe('the clock of a replay', () => {
  test('says where it is and how long it takes to a place, whatever was done to it', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 10_000 }) }),
      fc.record({ do: fc.constant('speed' as const), to: fc.constantFrom(0.25, 0.5, 1, 2, 4, 8, 16, 32) }),
      fc.record({ do: fc.constantFrom('run' as const, 'stop' as const) }),
      fc.record({ do: fc.constant('seek' as const), ms: fc.integer({ min: 0, max: 100_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let now = 0;
        const clock = new ReplayClock(() => now, 1);
        let [at, speed, running] = [0, 1, false];
        for (const one of steps) {
          if (one.do === 'pass') {
            at += running ? one.ms * speed : 0;
            now += one.ms;
          } else if (one.do === 'speed') clock.speed = speed = one.to;
          else if (one.do === 'seek') clock.seek((at = one.ms));
          else {
            running = one.do === 'run';
            if (running) clock.run();
            else clock.stop();
          }
          assert.ok(Math.abs(clock.positionMs - at) < 1e-6);
          assert.equal(clock.delayUntil(at - 1), 0);
          const delay = clock.delayUntil(at + 1_000);
          assert.ok(running ? Math.abs(delay - 1_000 / speed) < 1e-6 : delay === Infinity);
        }
      }),
    );
  });
});

describe('a replay', () => {
  test('gives each event at its time, at any speed', async () => {
    for (const [speed, times] of [
      [1, [100, 300, 800]],
      [0.25, [400, 1_200, 3_200]],
      [32, [4, 10, 25]],
    ] as const) {
      const { time, viewer, session } = play(THREE, { speed });
      await session.seek(0);
      await time.pass(3_300);
      assert.deepEqual(
        viewer.given,
        times.map((at, ord) => ({ ord, at })),
        `${speed}x`,
      );
      assert.deepEqual(session.position, { positionMs: 800, speed, playback: 'ended' });
    }
  });

  test('stands while it is paused, and changes its speed on the way', async () => {
    const { time, viewer, session } = play(THREE, { paused: true });
    await session.seek(0);
    await time.pass(500);
    assert.deepEqual(viewer.given, []);
    session.resume();
    await time.pass(200);
    session.pause();
    await time.pass(1_000);
    assert.equal(session.position.positionMs, 200);
    session.resume();
    session.rate(2);
    await time.pass(350);
    assert.deepEqual(viewer.given, [
      { ord: 0, at: 600 },
      { ord: 1, at: 1_750 },
      { ord: 2, at: 2_000 },
    ]);
  });

  test('leaps forwards and backwards, also when it has ended, and tells what stood there before anything else', async () => {
    const { time, viewer, session } = play(THREE);
    await session.seek(250);
    assert.deepEqual(
      viewer.states.at(-1)!.events.map(({ ord }) => ord),
      [0],
    );
    await time.pass(100);
    assert.deepEqual(viewer.ords, [1]);
    await session.seek(800);
    await time.pass(1);
    assert.deepEqual(viewer.ords, [1, 2]);
    assert.equal(session.position.playback, 'ended');
    await session.seek(0);
    await time.pass(900);
    assert.deepEqual(viewer.ords, [1, 2, 0, 1, 2]);
    await session.seek(1e9);
    assert.equal(session.position.positionMs, 800);
    await session.seek(300, 1);
    await time.pass(501);
    assert.deepEqual(viewer.ords.slice(5), [2], 'behind the event that the viewer had');
  });

  test('follows the last of several leaps', async () => {
    const { time, viewer, session } = play(THREE);
    await Promise.all([session.seek(0), session.seek(700), session.seek(200)]);
    assert.equal(viewer.states.length, 1);
    await time.pass(1_000);
    assert.deepEqual(viewer.ords, [1, 2]);
  });

  test('tells once a second where it is', async () => {
    const { time, viewer, session } = play([stored(0, 10_000)], { speed: 2 });
    await session.seek(0);
    await time.pass(3_500);
    assert.deepEqual(
      viewer.positions.map(({ positionMs }) => positionMs),
      [2_000, 4_000, 6_000],
    );
  });

  test('stands while the viewer does not read, and leaves nothing out', async () => {
    const events = Array.from({ length: 50 }, (_, ord) => stored(ord, ord * 10));
    const { time, viewer, session } = play(events, { speed: 32 });
    await session.seek(0);
    await time.pass(2);
    viewer.writable = false;
    const before = viewer.given.length;
    await time.pass(500);
    assert.equal(viewer.given.length, before);
    assert.equal(session.position.playback, 'waiting');
    assert.ok(session.position.positionMs < 110, String(session.position.positionMs));
    viewer.read();
    await time.pass(30);
    assert.deepEqual(
      viewer.ords,
      events.map(({ ord }) => ord),
    );
    const [first, last] = [viewer.given[before]!, viewer.given.at(-1)!];
    assert.ok(last.at - first.at > 5, 'not in a heap');
  });

  test('stands while the store does not answer', async () => {
    const { time, viewer, session, hold } = play(THREE);
    await session.seek(0);
    const { promise, resolve } = Promise.withResolvers<void>();
    hold(promise);
    await session.seek(0);
    await time.pass(5_000);
    assert.deepEqual([session.position.playback, session.position.positionMs], ['waiting', 0]);
    resolve();
    await time.pass(900);
    assert.deepEqual(viewer.ords, [0, 1, 2]);
  });

  test('reads ahead in pages, and holds fewer than two of them', async () => {
    const events = Array.from({ length: 3_000 }, (_, ord) => stored(ord, ord));
    const { time, viewer, session, mostHeld } = play(events, { speed: 32 });
    await session.seek(0);
    await time.pass(200);
    assert.deepEqual(
      viewer.ords,
      events.map(({ ord }) => ord),
    );
    assert.ok(mostHeld() < 2 * PAGE, String(mostHeld()));
  });

  test('gives events at one moment, and those from before a clock was set back, in their order', async () => {
    const { time, viewer, session } = play([stored(0, 500), stored(1, 500), stored(2, 100), stored(3, 600)]);
    await session.seek(0);
    await time.pass(700);
    assert.deepEqual(viewer.given, [
      { ord: 0, at: 500 },
      { ord: 1, at: 500 },
      { ord: 2, at: 500 },
      { ord: 3, at: 600 },
    ]);
  });

  test('forgets who is erased, also what is being read, and tells what the viewer has of them', async () => {
    const events = [...THREE];
    const { time, viewer, session, hold } = play(events);
    await session.seek(0);
    await time.pass(400);
    assert.deepEqual(viewer.ords, [0, 1]);
    events.splice(0, 3, events[1]!);
    session.forget((participantId) => participantId === 'ada');
    assert.deepEqual(viewer.forgotten, ['ada']);
    await time.pass(500);
    assert.deepEqual(viewer.ords, [0, 1]);

    const { promise, resolve } = Promise.withResolvers<void>();
    hold(promise);
    await session.seek(0);
    await time.pass(10);
    const [bob] = events.splice(0, 1);
    session.forget((participantId) => participantId === bob!.participantId);
    resolve();
    await time.pass(900);
    assert.deepEqual([viewer.ords, session.held], [[0, 1], 0]);
  });

  test('is over when it is closed', async () => {
    const { time, viewer, session } = play(THREE);
    await session.seek(0);
    await time.pass(150);
    session.close();
    session.resume();
    session.rate(4);
    await time.pass(2_000);
    assert.deepEqual([viewer.ords, viewer.positions], [[0], []]);
  });
});
