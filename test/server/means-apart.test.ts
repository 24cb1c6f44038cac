/**
 * What somebody can put together out of subscriptions. That no arithmetic on the means themselves tells of k people or fewer is
 * shown in `test/observer/aggregate`; here, that nobody ever has means along with results of single others to subtract.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { Alert, DurableEvent, EmotionAggregate, EmotionFinal } from '../../plugin/index.ts';
import type { Server } from '../../server/index.ts';
import { goldenAs } from '../events/golden.ts';
import { SECRET, tokenFor } from './host-tokens.ts';
import { Client, openServer } from './support.ts';

const ROOM = 'apart';
const PEOPLE = ['ada', 'bob', 'cy'] as const;
const SCOPES = ['room:aggregate', ...PEOPLE.map((name) => `participant:${name}`)];

/** What was told of a room: means, an alert about them, and a result of each. */
const TOLD: readonly DurableEvent[] = [
  { ...goldenAs<EmotionAggregate>('emotion.aggregate'), roomId: ROOM },
  { ...goldenAs<Alert>('alert.aggregate'), roomId: ROOM },
  ...PEOPLE.map((participantId) => ({ ...goldenAs<EmotionFinal>('emotion.final'), roomId: ROOM, participantId })),
];

const scopes = fc.subarray(SCOPES, { minLength: 1 });
const place = fc.oneof(
  fc.constant({}),
  fc.constant({ aggregate: true }),
  fc.constantFrom(...PEOPLE).map((participantId) => ({ participantId })),
);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constant('subscribe'), place, since: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('unsubscribe'), place }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('trace.read'), participantId: fc.constantFrom(...PEOPLE) }) },
  // Another connection of the same bearer, with whatever rights.
  { weight: 2, arbitrary: fc.record({ name: fc.constant('connect'), scopes }) },
);
type Step = { name: string; place?: object; since?: boolean; participantId?: string; scopes?: string[] };

/** One who listens, by one connection after the other or by several at once. */
class Bearer {
  readonly id: string;
  readonly #server: Server;
  readonly #clients: Client[] = [];
  readonly #answers: DurableEvent[] = [];
  refused = 0;
  #traced = false;

  constructor(server: Server, id: string) {
    this.#server = server;
    this.id = id;
  }

  async connect(wanted: readonly string[]): Promise<void> {
    const client = new Client(this.#server, '/emotion', await tokenFor(this.id, ROOM, wanted));
    this.#clients.push(client);
    await client.connected();
  }

  async ask({ name, place: where, since, participantId }: Step): Promise<void> {
    const payload = name === 'trace.read' ? { participantId } : { roomId: ROOM, ...where, ...(since && { since: 0 }) };
    const { ok, error, missed } = await this.#clients.at(-1)!.request(name, payload);
    if (error?.message.includes('along with')) this.refused += 1;
    this.#answers.push(...((missed ?? []) as DurableEvent[]));
    this.#traced ||= name === 'trace.read' && ok && participantId !== this.id;
  }

  /** Everything that was sent before this has come once these answers have. */
  async caughtUp(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.request('no such request')));
  }

  get seen(): { means: boolean; others: boolean } {
    const live = this.#clients.flatMap(({ received }) => received.map(({ payload }) => payload));
    const events = [...live, ...this.#answers] as unknown as DurableEvent[];
    const means = events.some(
      (event) => event.type === 'emotion.aggregate' || (event.type === 'alert' && event.participantId === undefined),
    );
    const others = events.some((event) => event.type === 'emotion.final' && event.participantId !== this.id);
    return { means, others: others || this.#traced };
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}

describe('whatever somebody subscribes to, in whatever order', () => {
  let server: Server;
  let runs = 0;
  before(async () => {
    server = await openServer({
      tokenSecret: SECRET,
      visibility: 'granted',
      limits: { messagesPerSecond: 1_000, connectionsPerAddress: 1_000 },
    });
    const room = await server.rooms.open(ROOM);
    for (const name of PEOPLE) room.register(name, 'speaker', name);
    room.observer.since = () => [...TOLD];
  });
  after(() => server.close());

  const tell = () => {
    const { observer } = server.rooms.get(ROOM)!;
    for (const event of TOLD) observer.emit('event', event);
  };

  test('they never have means and results of single others', { timeout: 120_000 }, async () => {
    const counted = { means: 0, others: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(scopes, fc.array(step, { minLength: 3, maxLength: 12 }), async (first, steps: Step[]) => {
        const bearer = new Bearer(server, `bearer-${(runs += 1)}`);
        try {
          await bearer.connect(first);
          for (const one of steps) {
            await (one.name === 'connect' ? bearer.connect(one.scopes!) : bearer.ask(one));
            tell();
          }
          await bearer.caughtUp();
          const { means, others } = bearer.seen;
          counted.means += Number(means);
          counted.others += Number(others);
          counted.refused += bearer.refused;
          assert.ok(!(means && others), 'means, and results to take out of them');
        } finally {
          bearer.close();
        }
      }),
      { numRuns: 100, seed: 20_261_128 },
    );
    // Both were to be had, and tried for together.
    assert.ok(counted.means > 10 && counted.others > 10 && counted.refused > 10, JSON.stringify(counted));
  });

  test('their own results come along with means: the groups allow for these', async () => {
    const ada = new Bearer(server, 'ada');
    try {
      await ada.connect(['self', 'room:aggregate']);
      await ada.ask({ name: 'subscribe', place: { participantId: 'ada' } });
      await ada.ask({ name: 'subscribe', place: { aggregate: true } });
      await ada.ask({ name: 'subscribe', place: { participantId: 'bob' } });
      tell();
      await ada.caughtUp();
      assert.deepEqual(ada.seen, { means: true, others: false });
    } finally {
      ada.close();
    }
  });
});
