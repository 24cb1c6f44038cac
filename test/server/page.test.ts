import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import type { Server } from '../../server/index.ts';
import { get, openServer, startServer } from './support.ts';

const HTML = '<!doctype html><title>Undertone</title>';

describe('the page', () => {
  const root = mkdtempSync(join(tmpdir(), 'undertone-page-'));
  const pageDir = join(root, 'web');
  let server: Server;
  before(async () => {
    mkdirSync(join(pageDir, 'assets'), { recursive: true });
    writeFileSync(join(pageDir, 'index.html'), HTML);
    writeFileSync(join(pageDir, 'assets', 'page-1a2b3c.js'), 'export {};');
    writeFileSync(join(root, 'secret.txt'), 'secret');
    server = await openServer({}, { pageDir });
  });
  after(async () => {
    await server.close();
    rmSync(root, { recursive: true });
  });

  test('is served for the first screen and for the link of a room', async () => {
    for (const path of ['/', '/r/standup']) {
      const response = await fetch(server.url + path);
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
      assert.equal(response.headers.get('cache-control'), 'no-cache');
      assert.equal(await response.text(), HTML);
    }
  });

  test('has its built files kept by browsers, for their names change with their content', async () => {
    const response = await fetch(`${server.url}/assets/page-1a2b3c.js`);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /javascript/);
    assert.match(response.headers.get('cache-control') ?? '', /immutable/);
  });

  test('leaves everything beside its folder alone', async () => {
    const { hostname, port } = new URL(server.url);
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/../../secret.txt',
    ]) {
      // fetch() would resolve the dots itself.
      const [response] = (await once(request({ hostname, port, path }).end(), 'response')) as [IncomingMessage];
      assert.notEqual(response.statusCode, 200, path);
      response.resume();
    }
    assert.equal((await get(server, '/assets/none.js')).status, 404);
  });

  test('that is not built says what to do', async (t) => {
    const bare = await startServer(t, {}, { pageDir: join(root, 'not-built') });
    const { status, body } = await get(bare, '/');
    assert.equal(status, 503);
    assert.match((body as { error: { message: string } }).error.message, /npm run build/);
  });
});
