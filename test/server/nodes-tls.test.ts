import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { ConfigError } from '../../server/config/ConfigError.ts';
import type { Undertone } from '../../plugin/index.ts';
import { makeCertificate, RedisServer, WITHOUT_REDIS_TLS, type Certificate } from '../support/redis-server.ts';
import { SECRET } from './host-tokens.ts';
import { connect, get, recordedLog, register, startServer, tinyUndertone } from './support.ts';

const PASSWORD = 'a-password-that-nobody-logs';

describe('a Redis with TLS', { skip: WITHOUT_REDIS_TLS }, () => {
  let dir: string;
  let certificate: Certificate;
  let redis: RedisServer;
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'undertone-tls-'));
    certificate = makeCertificate(dir);
    redis = await RedisServer.start({ password: PASSWORD, tls: certificate });
  });
  after(async () => {
    await redis?.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const start = (t: TestContext, caFile: string | undefined, undertone?: Undertone, url = redis.url) => {
    const { lines, log } = recordedLog();
    const settings = { url, ...(caFile !== undefined && { caFile }) };
    const started = startServer(t, { tokenSecret: SECRET, redis: settings }, { ...(undertone && { undertone }), log });
    return { lines, started };
  };

  test('is shared by servers that are given its authority; events, questions and answers go through it', async (t) => {
    // One analyzer does for both: it knows nothing of servers. The first of them to end ends it.
    const undertone = await tinyUndertone();
    const a = start(t, certificate.certFile, undertone);
    const b = start(t, certificate.certFile, undertone);
    const [here, there] = await Promise.all([a.started, b.started]);
    assert.deepEqual(((await get(here, '/readyz')) as { body: { degraded?: unknown } }).body.degraded ?? [], []);
    const ada = await register(here, 'private');
    const client = await connect(t, there, '/emotion', ada.token);
    assert.equal((await client.request('subscribe', { roomId: 'private' })).ok, true);
    const { consent } = here.rooms.get('private')!.observer;
    consent.set(ada.participantId, { text: true }, { by: 'participant', noticeVersion: ada.notice.version });
    assert.equal((await client.event('consent.changed', 30_000))['participantId'], ada.participantId);
    for (const line of [...a.lines, ...b.lines]) assert.ok(!line.includes(PASSWORD), 'a log holds no password');
  });

  test('that nobody vouches for is not trusted with anything, and the log says why', async (t) => {
    const { started, lines } = start(t, undefined, await tinyUndertone());
    const server = await started;
    const { status, body } = (await get(server, '/readyz')) as { status: number; body: { degraded: string[] } };
    assert.deepEqual([status, body.degraded], [503, ['redis']]);
    const said = lines.find((line) => line.includes('redis cannot be reached yet'));
    assert.match(said ?? lines.join('\n'), /"reason":"DEPTH_ZERO_SELF_SIGNED_CERT"/);
    for (const line of lines) assert.ok(!line.includes(PASSWORD), 'a log holds no password');
  });

  test('is configured in whole, or the setting that is wrong is named', async (t) => {
    const refused = (caFile: string, url?: string) =>
      assert.rejects(start(t, caFile, undefined, url).started, (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, /redis\.caFile/);
        assert.ok(!error.message.includes(PASSWORD));
        return true;
      });
    await refused(join(dir, 'nowhere.pem'));
    await refused(certificate.certFile, redis.url.replace('rediss', 'redis'));
  });
});
