import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SignJWT, UnsecuredJWT } from 'jose';
import type { Server } from '../../server/index.ts';
import { SECRET } from './host-tokens.ts';
import { connect, openServer, refusal, register, type Registered } from './support.ts';

interface SignOptions {
  secret?: string;
  alg?: string;
  /** Seconds since the epoch, or a span from now. */
  exp?: string | number;
}

describe('tokens', () => {
  let server: Server;
  let ada: Registered;
  before(async () => {
    server = await openServer({ tokenSecret: SECRET });
    ada = await register(server, 'tokens');
  });
  after(() => server.close());

  const sign = (claims: object, { secret = SECRET, alg = 'HS256', exp = '1h' }: SignOptions = {}) =>
    new SignJWT({ iss: 'undertone', sub: ada.participantId, room: 'tokens', scope: ['call', 'self'], ...claims })
      .setProtectedHeader({ alg })
      .setExpirationTime(exp)
      .sign(new TextEncoder().encode(secret));

  const refused = (token: unknown, namespace: '/call' | '/emotion' = '/call') => refusal(server, namespace, token);

  test('that the server gave open both namespaces', async (t) => {
    await connect(t, server, '/call', ada.token);
    await connect(t, server, '/emotion', ada.token);
  });

  test('that are missing, no text or no token at all are refused', async () => {
    for (const token of [undefined, null, 7, {}, '', 'abc', 'a.b.c', 'x'.repeat(10_000)]) {
      const { code, field } = await refused(token);
      assert.equal(code, 'unauthorized');
      assert.equal(field, 'token');
    }
  });

  test('that somebody else signed are refused', async () => {
    const forged = await sign({}, { secret: 'another secret of more than thirty-two characters' });
    assert.equal((await refused(forged)).code, 'unauthorized');
  });

  test('whose claims were changed are refused', async () => {
    const [header, , signature] = ada.token.split('.');
    const claims = { iss: 'undertone', sub: ada.participantId, room: 'tokens', scope: ['call', 'room:all'], exp: 9e9 };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    assert.equal((await refused(`${header}.${payload}.${signature}`)).code, 'unauthorized');
  });

  test('without a signature (alg none) are refused', async () => {
    const unsecured = new UnsecuredJWT({ room: 'tokens', scope: ['call'] })
      .setIssuer('undertone')
      .setSubject(ada.participantId)
      .setExpirationTime('1h')
      .encode();
    assert.equal((await refused(unsecured)).code, 'unauthorized');
  });

  test('of another algorithm are refused, even with the right secret', async () => {
    assert.equal((await refused(await sign({}, { alg: 'HS512' }))).code, 'unauthorized');
  });

  test('that have expired are refused as such', async () => {
    assert.equal((await refused(await sign({}, { exp: Math.floor(Date.now() / 1000) - 60 }))).code, 'token-expired');
  });

  test('without a participant, a room, an issuer or known scopes are refused', async () => {
    for (const claims of [
      { sub: '' },
      { room: undefined },
      { scope: ['everything'] },
      { scope: 'call' },
      { iss: 'x' },
    ]) {
      assert.equal((await refused(await sign(claims))).code, 'unauthorized');
    }
  });

  test('for another room do not open this one', async () => {
    assert.equal((await refused(await sign({ room: 'elsewhere' }))).code, 'room-closed');
    const grace = await register(server, 'other');
    assert.equal((await refused(await sign({ sub: grace.participantId }))).code, 'room-closed');
  });

  test('open only the namespaces of their scopes', async () => {
    assert.equal((await refused(await sign({ scope: ['self'] }), '/call')).code, 'forbidden');
    assert.equal((await refused(await sign({ scope: ['call'] }), '/emotion')).code, 'forbidden');
  });

  test('of a room do not let their bearer read another one', async (t) => {
    await register(server, 'other');
    const client = await connect(t, server, '/emotion', ada.token);
    const { ok, error } = await client.request('subscribe', { roomId: 'other' });
    assert.equal(ok, false);
    assert.equal(error?.code, 'forbidden');
    assert.equal(error?.field, 'roomId');
  });

  test('end the connection when they end', async (t) => {
    const exp = Math.floor(Date.now() / 1000) + 2;
    const client = await connect(t, server, '/emotion', await sign({}, { exp }));
    const disconnected = client.disconnected();
    assert.equal(await disconnected, 'io server disconnect');
    assert.ok(Date.now() >= exp * 1000 - 50);
  });
});
