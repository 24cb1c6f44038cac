import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundle } from './bundle.ts';

const LIMIT = 25_000;

test('the client is under 25 kB, gzipped, with socket.io-client outside', async (t) => {
  const { code, gzip } = await bundle('client/index.ts', ['socket.io-client']);
  t.diagnostic(`${gzip} bytes gzipped, ${code.length} minified`);
  assert.ok(gzip < LIMIT, `${gzip} bytes`);
  assert.match(code, /from\s*["']socket\.io-client["']/);
  assert.doesNotMatch(code, /ZodError|node:/, 'neither the validators nor anything of Node.js');
});

test('with the React hooks and components it is too, with React outside', async (t) => {
  const { code, gzip } = await bundle('client/react/index.ts', ['socket.io-client', 'react']);
  t.diagnostic(`${gzip} bytes gzipped, ${code.length} minified`);
  assert.ok(gzip < LIMIT, `${gzip} bytes`);
});
