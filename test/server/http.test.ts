import assert from 'node:assert/strict';
import { createServer as createNetServer } from 'node:net';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { createServer, type Server } from '../../server/index.ts';
import { get, openServer, post, recordedLog, register, startServer, TEST_CONFIG, type Registered } from './support.ts';

describe('HTTP', () => {
  let server: Server;
  before(async () => {
    server = await openServer({ limits: { rooms: 3, participantsPerRoom: 2, joinsPerMinute: 1_000 } });
  });
  after(() => server.close());

  test('registers a participant with a token, the notice and the labels', async () => {
    const { status, body } = await post(server, '/v1/rooms/standup/participants', { displayName: '  Ada Lovelace ' });
    assert.equal(status, 201);
    const registered = body as Registered;
    assert.equal(registered.roomId, 'standup');
    assert.equal(registered.displayName, 'Ada Lovelace');
    assert.match(registered.participantId, /^[0-9a-f-]{36}$/);
    assert.equal(registered.token.split('.').length, 3);
    assert.equal(registered.notice.visibility, 'room');
    assert.ok(registered.notice.text.some((paragraph) => paragraph.includes('expression cues suggest')));
    assert.equal(registered.labels.id, 'big6');
    assert.equal(registered.labels.labels.length, 7);
  });

  test('lists nobody before they are in the call', async () => {
    await register(server, 'standup');
    const { status, body } = await get(server, '/v1/rooms/standup');
    assert.equal(status, 200);
    assert.deepEqual((body as { participants: unknown[] }).participants, []);
    assert.equal((body as { state: string }).state, 'active');
  });

  for (const [name, path, body, field] of [
    ['a room id with other characters', '/v1/rooms/a%20b/participants', { displayName: 'Ada' }, 'roomId'],
    ['a room id that is too long', `/v1/rooms/${'a'.repeat(65)}/participants`, { displayName: 'Ada' }, 'roomId'],
    ['no body', '/v1/rooms/a/participants', undefined, 'displayName'],
    ['an empty name', '/v1/rooms/a/participants', { displayName: '  ' }, 'displayName'],
    ['a name that is no text', '/v1/rooms/a/participants', { displayName: 7 }, 'displayName'],
    ['a name that is too long', '/v1/rooms/a/participants', { displayName: 'x'.repeat(65) }, 'displayName'],
    ['a name with a direction override', '/v1/rooms/a/participants', { displayName: 'a\u202eb' }, 'displayName'],
    ['a field that does not exist', '/v1/rooms/a/participants', { displayName: 'a', admin: true }, 'admin'],
  ] as const) {
    test(`refuses ${name} and names the field`, async () => {
      const answer = await post(server, path, body);
      assert.equal(answer.status, 400);
      const { error } = answer.body as { error: { code: string; message: string; field: string } };
      assert.equal(error.code, 'invalid');
      assert.equal(error.field, field);
      assert.ok(error.message.length > 0);
    });
  }

  test('refuses a body that is no JSON, and one that is too large', async () => {
    const url = `${server.url}/v1/rooms/a/participants`;
    const headers = { 'content-type': 'application/json' };
    const broken = await fetch(url, { method: 'POST', headers, body: '{"displayName":' });
    assert.equal(broken.status, 400);
    assert.equal(((await broken.json()) as { error: { field: string } }).error.field, 'body');
    const large = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ displayName: 'x'.repeat(70_000) }),
    });
    assert.equal(large.status, 413);
    assert.equal(((await large.json()) as { error: { code: string } }).error.code, 'too-large');
  });

  test('answers an unknown room and an unknown address with a problem', async () => {
    for (const path of ['/v1/rooms/nobody-here', '/v1/nothing', '/etc/passwd']) {
      const { status, body } = await get(server, path);
      assert.equal(status, 404);
      assert.equal((body as { error: { code: string } }).error.code, 'not-found');
    }
  });

  test('takes no more rooms than it may', async (t) => {
    const small = await startServer(t, { limits: { rooms: 1 } });
    await register(small, 'one');
    const { status, body } = await post(small, '/v1/rooms/two/participants', { displayName: 'Ada' });
    assert.equal(status, 503);
    assert.equal((body as { error: { code: string } }).error.code, 'full');
  });

  test('bounds how fast one address registers', async (t) => {
    const slow = await startServer(t, { limits: { joinsPerMinute: 3 } });
    const statuses = [];
    for (let i = 0; i < 5; i++)
      statuses.push((await post(slow, '/v1/rooms/a/participants', { displayName: 'Ada' })).status);
    assert.deepEqual(statuses, [201, 201, 201, 429, 429]);
  });

  test('tells the page what it needs', async () => {
    const { body } = await get(server, '/v1/config');
    const config = body as { version: string; visibility: string; labelSets: { id: string }[]; sample: boolean };
    assert.match(config.version, /^\d+\.\d+\.\d+/);
    assert.equal(config.visibility, 'room');
    assert.ok(config.labelSets.some(({ id }) => id === 'big6'));
    assert.equal(config.sample, true);
  });

  test('gives the contract as a page and as a document, and links only to what it serves', async () => {
    const page = await (await fetch(`${server.url}/docs/events`)).text();
    assert.match(page, /<h1>Undertone events/);
    const links = [...page.matchAll(/(?:href)="(\/docs\/[^"]+)"/g)].map(([, link]) => link!);
    assert.ok(links.length >= 2);
    for (const link of links) assert.equal((await fetch(server.url + link)).status, 200, link);
    const { body } = await get(server, '/docs/asyncapi.json');
    assert.equal((body as { asyncapi: string }).asyncapi, '3.0.0');
  });

  test('sends a policy that lets the page ask nobody else', async () => {
    const { headers } = await fetch(`${server.url}/healthz`);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.ok(!/https?:|unsafe|\*/.test(policy), policy);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('x-powered-by'), null);
  });

  test('is ready when workers and analyzer are, and says what is missing when they are not', async (t) => {
    const own = await startServer(t);
    assert.deepEqual(await get(own, '/readyz'), { status: 200, body: { ready: true, missing: [] } });
    const down = once(own.undertone, 'state');
    process.kill(own.undertone.stats().pid!, 'SIGKILL');
    assert.equal((await down)[0], 'degraded');
    const answer = await get(own, '/readyz');
    assert.equal(answer.status, 503);
    assert.deepEqual(answer.body, { ready: false, missing: ['analyzer: degraded'] });
    assert.deepEqual(await get(own, '/healthz'), { status: 200, body: { ok: true } });
  });

  test('gives metrics in the Prometheus format', async () => {
    const { participantId } = await register(server, 'measured');
    const { observer } = server.rooms.get('measured')!;
    observer.consent.set(participantId, { audio: true }, { noticeVersion: observer.consent.notice });
    const response = await fetch(`${server.url}/metrics`);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
    const text = await response.text();
    const value = (name: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.slice(name.length + 1) ?? NaN,
      );
    assert.ok(value('undertone_rooms') >= 1);
    assert.equal(value('undertone_participants'), 0);
    assert.equal(value('undertone_workers'), 1);
    assert.equal(value('undertone_analyzer_up'), 1);
    assert.equal(value('undertone_overload_level'), 0);
    assert.ok(value('undertone_event_loop_delay_ms{quantile="0.99"}') >= 0);
    const changes = observer.since(0).filter(({ type }) => type === 'consent.changed').length;
    assert.ok(changes > 0);
    assert.equal(value('undertone_events_total{type="consent.changed"}'), changes);
  });

  test('says so when the port is taken', async (t) => {
    const other = createNetServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    t.after(() => other.close());
    const { port } = other.address() as { port: number };
    const own = await createServer({ ...TEST_CONFIG, port });
    t.after(() => own.close());
    await assert.rejects(own.listen(), {
      name: 'ConfigError',
      message: new RegExp(`^port .*${port} is taken.*--port`),
    });
  });

  test('logs neither names nor tokens nor addresses', async (t) => {
    const { lines, log } = recordedLog();
    const own = await startServer(t, {}, { log });
    const { token } = await register(own, 'secret-log', 'Grace Hopper');
    await post(own, '/v1/rooms/secret-log/participants?displayName=Grace', { displayName: '' });
    const text = lines.join('');
    assert.ok(text.includes('/v1/rooms/:roomId/participants'), 'requests are logged by their route');
    for (const personal of ['Grace', 'Hopper', token]) assert.ok(!text.includes(personal), `the log has ${personal}`);
    const beyondStart = lines.filter((line) => !line.includes('Server listening')).join('');
    assert.ok(!/127\.0\.0\.1|::1/.test(beyondStart), beyondStart);
  });
});
