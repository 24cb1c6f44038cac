import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import golden from '../../../plugin/events/contract/v1/golden/emotion.final.json' with { type: 'json' };
import { EmotionAggregate } from '../../../plugin/events/contract/v1/schema.ts';
import type { EmotionFinal } from '../../../plugin/events/contract/v1/types.ts';
import { Aggregator } from '../../../plugin/observer/aggregate/Aggregator.ts';
import { revealed } from './oracle.ts';

const K = 5;
const INTERVAL_MS = 1_000;

let utterances = 0;
/** A final in which joy is as likely as said. */
function finalOf(participantId: string, joy: number, more: Partial<EmotionFinal> = {}): EmotionFinal {
  const labels = [
    { name: 'joy', p: joy },
    { name: 'neutral', p: 1 - joy },
  ];
  const utteranceId = `u${++utterances}`;
  const span = { startMs: 10_000, endMs: 11_000 };
  return { ...(golden as EmotionFinal), participantId, utteranceId, labels, sentiment: joy, span, ...more };
}

const names = (count: number, prefix = 'p') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const opened = () => new Aggregator({ k: K, intervalMs: INTERVAL_MS });
/** Everybody speaks once. */
const speak = (aggregator: Aggregator, people: readonly string[], joy = 0.5) => {
  for (const person of people) aggregator.add(finalOf(person, joy));
};
const joyOf = (body: ReturnType<Aggregator['next']>) => body?.labels.find(({ name }) => name === 'joy')?.p;

describe('means over a room', () => {
  test('are over more than k people, each of whom counts once', () => {
    const aggregator = opened();
    speak(aggregator, names(K));
    assert.equal(aggregator.next(12_000), undefined, 'k people: one of them could take out their own');
    for (const joy of [0, 0.2, 0.4]) aggregator.add(finalOf('p5', joy));
    const body = aggregator.next(12_000)!;
    assert.equal(body.people, K + 1);
    assert.equal(body.utterances, K + 3);
    assert.equal(joyOf(body), Math.round(((K * 0.5 + 0.2) / (K + 1)) * 100) / 100);
    assert.deepEqual(body.span, { startMs: 10_000, endMs: 12_000 });
    const envelope = { v: 1, eventId: 'e', roomId: 'r', atMs: 1, seq: 1, type: 'emotion.aggregate' };
    assert.ok(EmotionAggregate.safeParse({ ...envelope, ...body }).success);
  });

  test('come again only when everybody in the group has something new', () => {
    const aggregator = opened();
    speak(aggregator, names(6));
    assert.ok(aggregator.next(12_000));
    assert.equal(aggregator.next(13_000), undefined);
    speak(aggregator, names(5));
    assert.equal(aggregator.next(14_000), undefined, 'the sixth was silent: only five would have changed');
    speak(aggregator, ['p5']);
    assert.equal(aggregator.next(15_000)?.people, 6);
  });

  test('end when one leaves, and begin anew with as many others', () => {
    const aggregator = opened();
    speak(aggregator, names(8));
    assert.equal(aggregator.next(12_000)?.people, 8);
    aggregator.leave('p0');
    speak(aggregator, names(8).slice(1));
    assert.equal(aggregator.next(13_000), undefined, 'the difference would be the one who left');
    speak(aggregator, names(5, 'new'));
    assert.equal(aggregator.next(14_000), undefined);
    speak(aggregator, ['new5']);
    assert.equal(aggregator.next(15_000)?.people, 7 + 6);
  });

  test('do not take in one who joins until enough others do', () => {
    const aggregator = opened();
    speak(aggregator, names(6));
    aggregator.next(12_000);
    speak(aggregator, [...names(6), 'late']);
    assert.equal(aggregator.next(13_000)?.people, 6);
  });

  test('rest neither on what was withdrawn, nor on what is not to be acted upon, nor on old results', () => {
    const aggregator = opened();
    speak(aggregator, names(6));
    aggregator.forget('p0');
    assert.equal(aggregator.next(12_000), undefined);
    aggregator.add(finalOf('p0', 0.5, { abstained: 'low-confidence' }));
    assert.equal(aggregator.next(12_000), undefined);
    aggregator.add(finalOf('p0', 0.5));
    assert.equal(aggregator.next(12_000 + 10 * 60_000), undefined);
  });

  test('count a revised result once', () => {
    const aggregator = opened();
    speak(aggregator, names(5), 0);
    const first = finalOf('p5', 0);
    aggregator.add(first);
    aggregator.add(finalOf('p5', 0.6, { utteranceId: first.utteranceId, revision: 1 }));
    assert.equal(joyOf(aggregator.next(12_000)), 0.1);
    speak(aggregator, names(5), 0);
    aggregator.add(finalOf('p5', 0.6, { utteranceId: first.utteranceId, revision: 2 }));
    assert.equal(aggregator.next(13_000), undefined);
  });

  test('are of one label set', () => {
    const aggregator = opened();
    speak(aggregator, names(6));
    const labelSet = { id: 'other', hash: '0123456789abcdef', kind: 'single' as const };
    aggregator.add(finalOf('p0', 0.5, { labelSet }));
    assert.equal(aggregator.next(12_000), undefined);
  });
});

describe('whatever people do, nobody can work out', () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('speak' as const), who: fc.nat(13) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), who: fc.nat(13) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), who: fc.nat(13) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('all speak' as const), who: fc.nat(13) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('tick' as const), who: fc.nat(13) }) },
  );

  const PEOPLE = names(14);
  /** Each person has a label of their own and never another: who is in a mean can be read off it. */
  const marked = (person: string) =>
    finalOf(person, 0, { labels: PEOPLE.map((name) => ({ name, p: name === person ? 1 : 0 })) });

  /** The groups of all means that come of these steps, and whether one used a result that was not new. */
  function play(steps: readonly { do: string; who: number }[]): { groups: Set<string>[]; stale: boolean } {
    const aggregator = opened();
    const groups: Set<string>[] = [];
    const news = new Set<string>();
    let stale = false;
    const say = (person: string) => {
      news.add(person);
      aggregator.add(marked(person));
    };
    for (const { do: action, who } of steps) {
      const person = PEOPLE[who]!;
      if (action === 'speak') say(person);
      else if (action === 'all speak') PEOPLE.slice(0, who + 1).forEach(say);
      else if (action === 'tick') {
        const body = aggregator.next(12_000);
        if (!body) continue;
        const group = new Set(body.labels.filter(({ p }) => p > 0).map(({ name }) => name));
        assert.equal(group.size, body.people);
        stale ||= [...group].some((name) => !news.delete(name));
        groups.push(group);
      } else {
        news.delete(person);
        if (action === 'leave') aggregator.leave(person);
        else aggregator.forget(person);
      }
    }
    return { groups, stale };
  }

  test('anything about k people or fewer, by any arithmetic on the means', () => {
    let published = 0;
    let several = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 80 }), (steps) => {
        const { groups, stale } = play(steps);
        const distinct = [...new Map(groups.map((group) => [[...group].sort().join(), group])).values()];
        published += Math.min(1, distinct.length);
        several += distinct.length > 1 ? 1 : 0;
        assert.equal(stale, false);
        // k others and oneself: whoever knows their own value learns of no fewer than k.
        assert.deepEqual(revealed(distinct, K), undefined);
      }),
      { numRuns: 200, seed: 20_261_124 },
    );
    assert.ok(published > 60 && several > 10, `${published} published, ${several} of several groups`);
  });

  test('and the means by which that is judged do find a difference', () => {
    const six = new Set(names(6));
    assert.deepEqual(revealed([six], K), undefined);
    assert.equal(revealed([six, new Set(names(7))], K)?.includes('p6'), true, 'one who joins');
    const parts = [names(6, 'a'), ['b'], names(6, 'c')];
    const sums = [
      new Set([...parts[0]!, ...parts[1]!]),
      new Set([...parts[1]!, ...parts[2]!]),
      new Set([...parts[0]!, ...parts[2]!]),
    ];
    assert.equal(revealed(sums, K)?.includes('b'), true, 'three groups, each two of which differ by many');
  });
});
