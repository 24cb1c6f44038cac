import assert from 'node:assert/strict';
import { createServer, type Server as HttpServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test, type TestContext } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import type { ConfigInput, Server } from '../../server/index.ts';
import { SECRET } from './host-tokens.ts';
import { Client, connect, openServer, refusal, register, startServer } from './support.ts';

const ISSUER = 'https://login.example.org';
const AUDIENCE = 'https://calls.example.org';

/** A token of the server's own secret. */
function signed(claims: { sub: string; room: string; scope?: unknown } & Record<string, unknown>, secret = SECRET) {
  return new SignJWT({ iss: 'undertone', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

describe('scopes', () => {
  let server: Server;
  before(async () => {
    server = await openServer({ tokenSecret: SECRET, visibility: 'granted' });
  });
  after(() => server.close());

  const watch = async (t: TestContext, room: string, ...scope: string[]) =>
    connect(t, server, '/emotion', await signed({ sub: 'watcher', room, scope }));

  test('are `self` when a token names none', async (t) => {
    const ada = await register(server, 'default');
    const token = await signed({ sub: ada.participantId, room: 'default' });
    const client = await connect(t, server, '/emotion', token);
    assert.equal((await client.request('subscribe', { roomId: 'default' })).ok, true);
    const consent = await client.request('consent.set', { audio: true, noticeVersion: ada.notice.version });
    assert.equal(consent.ok, true);
    const words = { segmentId: 's', text: 'hello', final: true };
    assert.equal((await client.request('transcript.push', words)).error?.code, 'forbidden');
    assert.equal((await refusal(server, '/call', token)).code, 'forbidden');
  });

  test('of one participant show that one, to somebody without a seat', async (t) => {
    const ada = await register(server, 'one', 'Ada');
    const grace = await register(server, 'one', 'Grace');
    const client = await watch(t, 'one', `participant:${ada.participantId}`);
    const own = await client.request('subscribe', { roomId: 'one' });
    assert.equal(own.ok, true, JSON.stringify(own));
    for (const { token, notice } of [grace, ada]) {
      const one = await connect(t, server, '/emotion', token);
      await one.request('consent.set', { audio: true, noticeVersion: notice.version });
    }
    assert.equal((await client.event('consent.changed'))['participantId'], ada.participantId);
    const other = await client.request('subscribe', { roomId: 'one', participantId: grace.participantId });
    assert.deepEqual([other.error?.code, other.error?.field], ['forbidden', 'participantId']);
    for (const request of ['consent.set', 'transcript.push', 'labels.set', 'access.revoke']) {
      const payload = {
        'consent.set': { audio: true, noticeVersion: ada.notice.version },
        'transcript.push': { segmentId: 's', text: 'x', final: true },
        'labels.set': { labels: 'big6' },
        'access.revoke': { participantId: ada.participantId },
      }[request];
      const { error } = await client.request(request, payload);
      assert.deepEqual([request, error?.code, error?.field], [request, 'forbidden', 'token']);
    }
  });

  test('of a participant in the room are of no use to who has no seat in it', async (t) => {
    await register(server, 'seat');
    const client = await watch(t, 'seat', 'transcript:write');
    const { error } = await client.request('transcript.push', { segmentId: 's', text: 'x', final: true });
    assert.equal(error?.code, 'not-joined');
  });

  test('of the means and of single others cannot be used together, in whatever order, by whatever connection', async (t) => {
    const ada = await register(server, 'apart', 'Ada');
    const { participantId } = ada;
    const scope = ['room:aggregate', `participant:${participantId}`];
    const bearer = async (sub: string) => connect(t, server, '/emotion', await signed({ sub, room: 'apart', scope }));
    const means = { roomId: 'apart', aggregate: true };
    const one = { roomId: 'apart', participantId };

    const first = await bearer('first');
    assert.equal((await first.request('subscribe', means)).ok, true);
    first.close();
    const again = await bearer('first');
    for (const [request, payload] of [
      ['subscribe', one],
      ['subscribe', { roomId: 'apart' }],
      ['trace.read', { participantId }],
    ] as const) {
      assert.equal((await again.request(request, payload)).error?.code, 'forbidden', request);
    }
    for (const [request, payload] of [
      ['subscribe', one],
      ['trace.read', { participantId }],
    ] as const) {
      const other = await bearer(`other by ${request}`);
      assert.equal((await other.request(request, payload)).ok, true);
      const { error } = await other.request('subscribe', means);
      assert.deepEqual([error?.code, error?.field], ['forbidden', 'aggregate']);
    }
    const everybody = await watch(t, 'apart', 'room:all');
    for (const payload of [means, one]) assert.equal((await everybody.request('subscribe', payload)).ok, true);
  });

  test('of an administrator show nothing, choose labels and take tokens back', async (t) => {
    const ada = await register(server, 'admin', 'Ada');
    const admin = await watch(t, 'admin', 'admin');
    const subscribed = await admin.request('subscribe', { roomId: 'admin', since: 0 });
    assert.deepEqual(subscribed['participants'], []);
    assert.equal((await admin.request('labels.set', { labels: ['calm', 'tense'] })).ok, true);

    const call = await connect(t, server, '/call', ada.token);
    const emotion = await connect(t, server, '/emotion', ada.token);
    const ended = Promise.all([call.disconnected(), emotion.disconnected()]);
    const answer = await admin.request('access.revoke', { participantId: ada.participantId });
    assert.deepEqual(answer, { ok: true, ended: 2 });
    assert.deepEqual(await ended, ['io server disconnect', 'io server disconnect']);
    const farewell = await emotion.event('session.ended');
    assert.deepEqual([farewell['code'], farewell['retryable']], ['token-revoked', false]);
    for (const namespace of ['/call', '/emotion'] as const) {
      assert.equal((await refusal(server, namespace, ada.token)).code, 'token-revoked');
    }
  });

  test('are checked over HTTP too when tokens are taken back', async () => {
    const ada = await register(server, 'http');
    const revoke = (token: string | undefined, body: object, room = 'http') =>
      fetch(`${server.url}/v1/rooms/${room}/revocations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify(body),
      });
    const admin = await signed({ sub: 'backend', room: 'http', scope: ['admin'] });
    const target = { participantId: ada.participantId };
    assert.equal((await revoke(undefined, target)).status, 401);
    assert.equal((await revoke(ada.token, target)).status, 403);
    assert.equal((await revoke(admin, target, 'elsewhere')).status, 403);
    assert.equal((await revoke(admin, {})).status, 400);
    assert.deepEqual(await (await revoke(admin, target)).json(), { ended: 0 });
    assert.equal((await refusal(server, '/emotion', ada.token)).code, 'token-revoked');
    const again = await register(server, 'http');
    assert.notEqual(again.participantId, ada.participantId, 'who registers anew is somebody else');
  });

  test('show no more than participants were told', async (t) => {
    const strict = await startServer(t, { tokenSecret: SECRET, visibility: 'self' });
    const ada = await register(strict, 'told', 'Ada');
    const scope = ['room:all', 'room:aggregate', `participant:${ada.participantId}`, 'admin'];
    const client = await connect(t, strict, '/emotion', await signed({ sub: 'watcher', room: 'told', scope }));
    const all = await client.request('subscribe', { roomId: 'told' });
    assert.deepEqual(all['participants'], []);
    const one = await client.request('subscribe', { roomId: 'told', participantId: ada.participantId });
    const means = await client.request('subscribe', { roomId: 'told', aggregate: true });
    assert.deepEqual([one.error?.code, means.error?.code], ['forbidden', 'forbidden']);
  });
});

describe('tokens of this server', () => {
  test('hold with the former secret while it is replaced, and not without', async (t) => {
    const former = 'the former secret, of more than thirty-two characters';
    const server = await startServer(t, { tokenSecret: SECRET, auth: { previousSecret: former } });
    const { participantId: sub } = await register(server, 'rotation');
    await connect(t, server, '/emotion', await signed({ sub, room: 'rotation' }, former));
    await connect(t, server, '/emotion', await signed({ sub, room: 'rotation' }));
    const third = await signed({ sub, room: 'rotation' }, 'a third secret, of more than thirty-two characters');
    assert.equal((await refusal(server, '/emotion', third)).code, 'unauthorized');
  });

  test('may not outlast the time that tokens last', async (t) => {
    const server = await startServer(t, { tokenSecret: SECRET, tokenTtlMs: 60_000 });
    const { participantId: sub } = await register(server, 'lasting');
    const { code, message } = await refusal(server, '/emotion', await signed({ sub, room: 'lasting' }));
    assert.equal(code, 'unauthorized');
    assert.match(message, /^exp: /);
  });

  test('say which claim does not fit, and tell the client when they end', async (t) => {
    const server = await startServer(t, { tokenSecret: SECRET, auth: { clockToleranceMs: 0 } });
    const { participantId: sub } = await register(server, 'claims');
    for (const [change, claim] of [
      [{ iss: 'x' }, /^iss: /],
      [{ room: 'no such/name' }, /^room: /],
      [{ scope: ['everything'] }, /^scope\.0: one of call, self/],
      [{ nbf: Math.floor(Date.now() / 1_000) + 3_600 }, /^nbf: /],
    ] as const) {
      const { code, message } = await refusal(server, '/emotion', await signed({ sub, room: 'claims', ...change }));
      assert.equal(code, 'unauthorized');
      assert.match(message, claim);
    }
    const exp = Math.floor(Date.now() / 1_000) + 2;
    const short = await new SignJWT({ iss: 'undertone', sub, room: 'claims', exp })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET));
    const client = await connect(t, server, '/emotion', short);
    const disconnected = client.disconnected();
    assert.equal((await client.event('session.ended'))['code'], 'token-expired');
    assert.equal(await disconnected, 'io server disconnect');
  });
});

describe('tokens of the operator’s issuer', () => {
  let issuer: HttpServer;
  let server: Server;
  let key: CryptoKey;
  let published: string;
  let fetched = 0;
  let broken = false;
  const config = (): ConfigInput => ({
    auth: {
      registration: false,
      jwksUrl: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`,
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ['ES256'],
    },
  });
  before(async () => {
    const pair = await generateKeyPair('ES256');
    key = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
    published = JSON.stringify(jwk);
    issuer = createServer((_request, response) => {
      fetched += 1;
      response.writeHead(broken ? 500 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys: [jwk] }));
    }).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    server = await openServer(config());
  });
  after(async () => {
    await server.close();
    issuer.close();
  });

  const claims = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'ada',
    room: 'outside',
    scope: 'openid call self transcript:write',
  };
  const issued = (change: object = {}, { alg = 'ES256', kid = 'one', with: signer = key } = {}) =>
    new SignJWT({ ...claims, ...change })
      .setProtectedHeader({ alg, kid })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(signer);

  test('open the room and take the seat of their bearer, whose keys are fetched once', async (t) => {
    const token = await issued({ name: 'Ada' });
    assert.equal((await refusal(server, '/emotion', token)).code, 'room-closed', 'nobody has opened it yet');
    const call = await connect(t, server, '/call', token);
    assert.equal((await call.request('join', {})).ok, true);
    const [participant] = server.rooms.get('outside')!.visible;
    assert.deepEqual([participant?.id, participant?.displayName], ['ada', 'Ada']);
    const client = await connect(t, server, '/emotion', token);
    const answer = await client.request('subscribe', { roomId: 'outside' });
    assert.equal((answer['participants'] as { participantId: string }[])[0]?.participantId, 'ada');
    assert.equal(fetched, 1);
  });

  test('are the only ones where registration is closed', async () => {
    const response = await fetch(`${server.url}/v1/rooms/closed/participants`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ displayName: 'Ada' }),
    });
    assert.equal(response.status, 403);
  });

  test('are refused when forged, of another issuer, audience or algorithm, or downgraded', async () => {
    const { privateKey: stranger } = await generateKeyPair('ES256');
    const { privateKey: rsa } = await generateKeyPair('RS256');
    const confused = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).setExpirationTime('1h');
    const unsecured = new UnsecuredJWT(claims).setExpirationTime('1h').encode();
    for (const [what, token] of Object.entries({
      forged: issued({}, { with: stranger }),
      'of another issuer': issued({ iss: 'https://evil.example.org' }),
      'for another audience': issued({ aud: 'https://other.example.org' }),
      'without an audience': issued({ aud: undefined }),
      'of another algorithm': issued({}, { alg: 'RS256', with: rsa }),
      'with an unknown key': issued({}, { kid: 'two' }),
      'with the public key as a secret': confused.sign(new TextEncoder().encode(published)),
      'without a signature': Promise.resolve(unsecured),
      'for no room': issued({ room: undefined }),
    })) {
      assert.equal((await refusal(server, '/call', await token)).code, 'unauthorized', what);
    }
  });

  test('that have no scope of this server have no right', async () => {
    assert.equal((await refusal(server, '/call', await issued({ scope: 'openid profile' }))).code, 'forbidden');
  });

  test('wait when the issuer does not answer', async (t) => {
    broken = true;
    t.after(() => void (broken = false));
    const own = await startServer(t, config());
    const { code, message } = await refusal(own, '/call', await issued());
    assert.equal(code, 'unavailable', message);
  });
});

describe('connections', () => {
  test('of one address are counted, and the one too many is told so', async (t) => {
    const server = await startServer(t, { limits: { connectionsPerAddress: 2 } });
    const { token } = await register(server, 'crowd');
    const first = await connect(t, server, '/emotion', token);
    await connect(t, server, '/emotion', token);
    const told = await refusal(server, '/emotion', token);
    assert.equal(told.code, 'too-many-connections');
    first.close();
    // Counted down when the line is closed, which the client does not hear of.
    for (;;) {
      const client = new Client(server, '/emotion', token);
      const accepted = await client.connected().then(
        () => true,
        () => false,
      );
      client.close();
      if (accepted) break;
    }
  });

  test('come from pages of this server, or of the origins that are named', async (t) => {
    const server = await startServer(t, { cors: { origins: ['https://app.example.org'] } });
    const handshake = (origin?: string) =>
      fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers: origin === undefined ? {} : { origin } });
    assert.equal((await handshake()).status, 200);
    assert.equal((await handshake(server.url)).status, 200);
    const named = await handshake('https://app.example.org');
    assert.equal(named.status, 200);
    assert.equal(named.headers.get('access-control-allow-origin'), 'https://app.example.org');
    const other = await handshake('https://evil.example.org');
    assert.equal(other.status, 403);
    assert.match(((await other.json()) as { message: string }).message, /cors\.origins/);

    const preflight = await fetch(`${server.url}/v1/rooms/x/participants`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.org', 'access-control-request-method': 'POST' },
    });
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://app.example.org');
    const foreign = await fetch(`${server.url}/healthz`, { headers: { origin: 'https://evil.example.org' } });
    assert.notEqual(foreign.headers.get('access-control-allow-origin'), 'https://evil.example.org');
  });
});
