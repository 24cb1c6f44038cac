/** Deliveries to a real HTTP server that fails in every way, checked by the convention's own library. */
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { Alert, EmotionRetracted } from '../../plugin/index.ts';
import { Event } from '../../plugin/events/contract/v1/schema.ts';
import { checkConfig } from '../../server/config/check.ts';
import type { ConfigInput } from '../../server/index.ts';
import { retryAfter } from '../../server/webhooks/postWebhook.ts';
import { newSecret } from '../../server/webhooks/signature.ts';
import { Webhooks } from '../../server/webhooks/Webhooks.ts';
import { goldenEvent } from '../events/golden.ts';
import { recordedLog } from '../server/support.ts';
import { Receiver, verified } from './Receiver.ts';

const SECRET = newSecret();
const raised = goldenEvent('alert') as unknown as Alert;
const means = goldenEvent('alert.aggregate') as unknown as Alert;
const retraction = goldenEvent('emotion.retracted.alert') as unknown as EmotionRetracted;

const rules = [
  { id: 'sustained-joy', about: 'self', measure: 'label', label: 'joy', above: 0.7 },
  { id: 'mood-of-the-room', about: 'aggregate', measure: 'sentiment', below: -1 },
] as const;

type Endpoint = NonNullable<NonNullable<ConfigInput['alerts']>['webhooks']>[number];

let numbers = 0;
const alertOf = (fields: Partial<Alert> = {}): Alert => ({ ...raised, eventId: `event-${++numbers}`, ...fields });

function open(t: TestContext, url: string, fields: Partial<Endpoint> = {}, config: ConfigInput = {}) {
  const { lines, log } = recordedLog();
  const endpoint = { name: 'ops', url, secrets: [SECRET], backoffMs: 20, ...fields };
  const checked = checkConfig({ ...config, alerts: { rules: [...rules], webhooks: [endpoint] } });
  const webhooks = new Webhooks({ config: checked, version: '1.2.3', log });
  t.after(() => webhooks.close(0));
  const outcomes = () => Object.fromEntries(webhooks.stats()[0]!.outcomes);
  /** Resolves when nothing waits any more. */
  const settled = async () => {
    while (webhooks.stats()[0]!.waiting > 0) await setImmediate();
  };
  return { webhooks, lines, outcomes, settled };
}

describe('a webhook', () => {
  test('is a CloudEvent with the event in it, signed as Standard Webhooks wants it', async (t) => {
    const receiver = await Receiver.start(t);
    const { webhooks, outcomes, settled } = open(t, receiver.url);
    const alert = alertOf();
    webhooks.take(alert);
    const [post] = await receiver.until(1);
    const event = verified(SECRET, post!);
    assert.equal(event.specversion, '1.0');
    assert.equal(event.type, 'undertone.v1.alert');
    assert.deepEqual(Event.parse(event.data), alert);
    assert.equal(post!.headers['webhook-id'], alert.eventId);
    assert.match(post!.headers['content-type']!, /^application\/cloudevents\+json/);
    assert.equal(post!.headers['user-agent'], 'undertone/1.2.3');
    assert.throws(() => verified(newSecret(), post!));
    assert.throws(() => verified(SECRET, { ...post!, text: post!.text.replace('raised', 'ended') }));
    await settled();
    assert.deepEqual(outcomes(), { sent: 1 });
  });

  test('is signed with the old secret and the new one while both are there', async (t) => {
    const receiver = await Receiver.start(t);
    const next = newSecret();
    const { webhooks } = open(t, receiver.url, { secrets: [next, SECRET] });
    webhooks.take(alertOf());
    const [post] = await receiver.until(1);
    for (const secret of [next, SECRET]) assert.ok(new Webhook(secret).verify(post!.text, post!.headers as never));
  });

  test('comes again after failures, the same each time but for time and signature, and in order', async (t) => {
    const receiver = await Receiver.start(t);
    receiver.answer(500, (response) => response.destroy(), 302, 404);
    const { webhooks, outcomes, settled } = open(t, receiver.url);
    const [first, second] = [alertOf(), alertOf()];
    webhooks.take(first);
    webhooks.take(second);
    const posts = await receiver.until(6);
    assert.deepEqual(
      posts.map(({ headers }) => headers['webhook-id']),
      [...Array<string>(5).fill(first.eventId), second.eventId],
    );
    assert.equal(new Set(posts.slice(0, 5).map(({ text }) => text)).size, 1);
    for (const post of posts) verified(SECRET, post);
    await settled();
    assert.deepEqual(outcomes(), { sent: 2 });
  });

  test('does not follow a redirect', async (t) => {
    const receiver = await Receiver.start(t);
    const elsewhere = await Receiver.start(t);
    receiver.answer({ status: 307, headers: { location: elsewhere.url } });
    const { webhooks, settled } = open(t, receiver.url);
    webhooks.take(alertOf());
    await receiver.until(2);
    await settled();
    assert.equal(elsewhere.posts.length, 0);
  });

  test('waits as long as Retry-After asks', async (t) => {
    const receiver = await Receiver.start(t);
    receiver.answer({ status: 429, headers: { 'retry-after': '1' } });
    const { webhooks } = open(t, receiver.url);
    webhooks.take(alertOf());
    const [first, second] = await receiver.until(2);
    assert.ok(second!.atMs - first!.atMs >= 990, `${second!.atMs - first!.atMs} ms`);
  });

  test('that is not answered in time is tried again', async (t) => {
    const receiver = await Receiver.start(t);
    receiver.answer(() => undefined);
    const { webhooks, lines, outcomes, settled } = open(t, receiver.url, { timeoutMs: 200 });
    webhooks.take(alertOf());
    await receiver.until(2);
    await settled();
    assert.deepEqual(outcomes(), { sent: 1 });
    assert.ok(lines.some((line) => line.includes('"why":"timeout"')));
  });

  test('is given up after so many tries, counted, and logged without whom it is about', async (t) => {
    const receiver = await Receiver.start(t);
    const { url } = receiver;
    await receiver.close();
    const { webhooks, lines, outcomes, settled } = open(t, url, { attempts: 3 });
    webhooks.take(alertOf());
    await settled();
    assert.deepEqual(outcomes(), { 'given-up': 1 });
    const told = lines.join('\n');
    assert.match(told, /"webhook":"ops","why":"ECONNREFUSED","tries":3,.*webhook given up/);
    for (const secret of ['ada', 'joy', raised.alertId, SECRET]) assert.ok(!told.includes(secret), secret);
  });

  test('to an endpoint that is gone disables it', async (t) => {
    const receiver = await Receiver.start(t);
    receiver.answer(410);
    const { webhooks, outcomes, settled } = open(t, receiver.url);
    webhooks.take(alertOf());
    webhooks.take(alertOf());
    await settled();
    webhooks.take(alertOf());
    assert.equal(receiver.posts.length, 1);
    assert.deepEqual(outcomes(), { disabled: 3 });
    assert.equal(webhooks.stats()[0]!.disabled, true);
  });

  test('goes only where its rule is wanted', async (t) => {
    const receiver = await Receiver.start(t);
    const { webhooks, settled } = open(t, receiver.url, { rules: ['mood-of-the-room'] });
    webhooks.take(alertOf());
    webhooks.take({ ...means });
    webhooks.take(retraction);
    await settled();
    assert.deepEqual(
      receiver.posts.map((post) => verified(SECRET, post).id),
      [means.eventId],
      'nor is a retraction told to who was not to know of the alert',
    );
  });
});

describe('what waits', () => {
  /** An endpoint that holds the first delivery until it is let go. */
  async function held(t: TestContext, fields: Partial<Endpoint> = {}) {
    const receiver = await Receiver.start(t);
    const { promise, resolve } = Promise.withResolvers<void>();
    receiver.answer((response) => void promise.then(() => response.writeHead(204).end()));
    const opened = open(t, receiver.url, fields);
    const first = alertOf({ participantId: 'grace' });
    opened.webhooks.take(first);
    await receiver.until(1);
    return { receiver, first, letGo: resolve, ...opened };
  }

  test('is bounded: the oldest are dropped and counted', async (t) => {
    const { receiver, webhooks, first, letGo, outcomes, settled } = await held(t, { queueSize: 2 });
    const alerts = Array.from({ length: 5 }, () => alertOf());
    for (const alert of alerts) webhooks.take(alert);
    letGo();
    await settled();
    assert.deepEqual(
      receiver.posts.map(({ headers }) => headers['webhook-id']),
      [first, alerts[3], alerts[4]].map((alert) => alert!.eventId),
    );
    assert.deepEqual(outcomes(), { 'queue-full': 3, sent: 3 });
  });

  test('about a participant is dropped when they withdraw; who may have an alert of theirs is told', async (t) => {
    const { receiver, webhooks, first, letGo, outcomes, settled } = await held(t);
    const other = alertOf({ participantId: 'mary' });
    for (const alert of [alertOf(), alertOf({ state: 'ended' }), other]) webhooks.take(alert);
    webhooks.take(retraction);
    letGo();
    await settled();
    const events = receiver.posts.map((post) => verified(SECRET, post));
    assert.deepEqual(
      events.map(({ id }) => id),
      [first.eventId, other.eventId, retraction.eventId],
    );
    assert.deepEqual((events.at(-1)!.data as EmotionRetracted).alertIds, [raised.alertId]);
    assert.deepEqual(outcomes(), { withdrawn: 2, sent: 3 });
  });

  test('is dropped also while it is tried again', async (t) => {
    const receiver = await Receiver.start(t);
    receiver.answer(500);
    const { webhooks, outcomes, settled } = open(t, receiver.url, { backoffMs: 60_000 });
    webhooks.take(alertOf());
    await receiver.until(1);
    webhooks.take(retraction);
    await settled();
    assert.deepEqual(outcomes(), { withdrawn: 1, sent: 1 });
    assert.equal(verified(SECRET, receiver.posts[1]!).type, 'undertone.v1.emotion.retracted');
  });

  test('goes out when the server ends, as far as there is time', async (t) => {
    const { webhooks, letGo, outcomes } = await held(t);
    webhooks.take(alertOf());
    const closed = webhooks.close(20_000);
    letGo();
    await closed;
    assert.deepEqual(outcomes(), { sent: 2 });
    const late = await held(t);
    late.webhooks.take(alertOf());
    await late.webhooks.close(50);
    assert.deepEqual(late.outcomes(), { shutdown: 2 });
  });
});

test('an alert about one participant goes to nobody else where visibility forbids it, whatever was configured', async (t) => {
  const receiver = await Receiver.start(t);
  const config = checkConfig({
    alerts: { rules: [...rules], webhooks: [{ name: 'ops', url: receiver.url, secrets: [SECRET] }] },
  });
  for (const [visibility, expected] of [
    ['self', 0],
    ['aggregate', 1],
    ['granted', 2],
  ] as const) {
    const webhooks = new Webhooks({ config: { ...config, visibility }, version: '1', log: recordedLog().log });
    receiver.posts.length = 0;
    webhooks.take(alertOf());
    webhooks.take(means);
    await webhooks.close(20_000);
    assert.equal(receiver.posts.length, expected, visibility);
  }
});

test('Retry-After is read as seconds and as a date, never longer than an hour', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  assert.equal(retryAfter('120', now), 120_000);
  assert.equal(retryAfter('Sat, 28 Nov 2026 12:00:30 GMT', now), 30_000);
  assert.equal(retryAfter('Sat, 28 Nov 2026 11:00:00 GMT', now), 0);
  assert.equal(retryAfter('999999999', now), 3_600_000);
  assert.equal(retryAfter('soon', now), undefined);
  assert.equal(retryAfter(null, now), undefined);
});
