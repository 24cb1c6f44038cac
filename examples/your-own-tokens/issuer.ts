// An issuer of one's own: the server knows its public key only, and fetches it by itself.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const { publicKey, privateKey } = await generateKeyPair('ES256');
const kid = 'key-1';
const keys = [{ ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'ES256' }];

/** Yours asks first who is there and what they may do; this one gives everybody what they ask for. */
function sign(query: URLSearchParams): Promise<string> {
  return new SignJWT({ room: query.get('room'), scope: query.get('scope') ?? 'self', name: query.get('name') })
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid })
    .setIssuer('https://id.example.org')
    .setAudience('undertone')
    .setSubject(query.get('sub') ?? 'somebody')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/jwks.json') response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  else if (pathname === '/token') void sign(searchParams).then((token) => response.end(token));
  else response.writeHead(404).end();
});
server.listen(Number(process.env['PORT'] ?? 4000), '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
