import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root, runNode, setupScript, temporaryFolder, writeProgram, type Ended } from './run-script.ts';

/** Runs setup with an empty cache and a server of its own in the place of mediasoup's releases. */
async function setupWithReleases(t: TestContext, cache: string, listener: RequestListener): Promise<Ended> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  // Without programs on the PATH nothing can be built: what comes can only come from the download.
  const programs = path.join(cache, 'programs');
  mkdirSync(programs, { recursive: true });
  for (const name of ['tar', 'gzip']) writeProgram(programs, name, `PATH=/usr/bin:/bin exec ${name} "$@"`);
  return runNode([setupScript], {
    PATH: programs,
    UNDERTONE_CACHE: cache,
    MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: `http://127.0.0.1:${port}`,
    MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD: undefined,
  });
}

function workerArchive(t: TestContext, exitCode: number): Buffer {
  const folder = temporaryFolder(t);
  writeProgram(folder, 'mediasoup-worker', `exit ${exitCode}`);
  spawnSync('tar', ['-czf', 'worker.tgz', 'mediasoup-worker'], { cwd: folder });
  return readFileSync(path.join(folder, 'worker.tgz'));
}

describe('the prebuilt mediasoup worker', () => {
  const version = (
    JSON.parse(readFileSync(path.join(root, 'node_modules/mediasoup/package.json'), 'utf8')) as { version: string }
  ).version;
  const cached = `mediasoup-worker/${version}-${process.platform}-${process.arch}/mediasoup-worker`;

  test('is downloaded into the cache where it can be reached', async (t) => {
    const cache = temporaryFolder(t);
    const archive = workerArchive(t, 41);
    const asked: string[] = [];
    const { code, stderr } = await setupWithReleases(t, cache, (request, response) => {
      asked.push(request.url ?? '');
      response.end(archive);
    });
    assert.equal(code, 0, stderr);
    assert.equal(asked.length, 1);
    assert.ok(asked[0]?.startsWith(`/${version}/mediasoup-worker-${version}-${process.platform}-${process.arch}`));
    assert.ok(existsSync(path.join(cache, cached)));
    const again = await runNode([setupScript], { UNDERTONE_CACHE: cache });
    assert.match(again.stderr, /nothing to do/);
  });

  test('is not kept when it does not run on this machine', async (t) => {
    const cache = temporaryFolder(t);
    const archive = workerArchive(t, 127);
    const { code, stderr } = await setupWithReleases(t, cache, (_request, response) => response.end(archive));
    assert.equal(code, 1);
    assert.match(stderr, /prebuilt: does not run on this machine; it will be built from source/);
    assert.equal(existsSync(path.join(cache, cached)), false);
  });

  for (const [title, listener, reason] of [
    ['is refused', (_request, response) => response.writeHead(404).end(), 'HTTP status 404'],
    ['is not answered within 5 seconds', () => undefined, 'no answer within 5 s'],
    ['is no archive', (_request, response) => response.end('<html>sign in</html>'), 'ended with exit code'],
  ] as Array<[string, RequestListener, string]>) {
    test(`gives way to a build, with the reason, when the download ${title}`, async (t) => {
      const { code, stderr } = await setupWithReleases(t, temporaryFolder(t), listener);
      assert.equal(code, 1, 'here nothing can be built');
      const line =
        stderr.split('\n').find((text) => text.includes('✓ mediasoup worker, prebuilt: not to be had')) ?? stderr;
      assert.ok(line.includes(reason), line);
      assert.match(stderr, /g\+\+/, 'what the build needs is asked for');
    });
  }
});

describe('the recipe that builds the worker from source', () => {
  async function prepare(from: string, into: string): Promise<Ended> {
    const recipe = pathToFileURL(path.join(root, 'scripts/setup/worker-source.mjs')).href;
    const program = `import { prepareSource } from '${recipe}'; prepareSource(...process.argv.slice(1));`;
    return runNode(['--input-type=module', '--eval', program, from, into]);
  }

  test('fits the source of the installed mediasoup', async (t) => {
    const source = path.join(temporaryFolder(t), 'source');
    const { code, stderr } = await prepare(root, source);
    assert.equal(code, 0, stderr);
    assert.match(readFileSync(path.join(source, 'meson.build'), 'utf8'), /meson_version: '>= 1\.0\.0'/);
    const transport = readFileSync(path.join(source, 'src/RTC/DtlsTransport.cpp'), 'utf8');
    assert.match(transport, /\(operationType & BIO_CB_RETURN\) != 0/);
    for (const wrap of ['libuv', 'openssl', 'libsrtp3', 'abseil-cpp', 'flatbuffers', 'unordered-dense']) {
      const named = readFileSync(path.join(source, 'subprojects', `${wrap}.wrap`), 'utf8');
      const folder = /^directory = (.+)$/m.exec(named)?.[1] ?? '';
      assert.ok(existsSync(path.join(source, 'subprojects', folder, 'meson.build')), `${wrap} needs no download`);
    }
  });

  test('refuses a source that has not what it means to change', async (t) => {
    const folder = temporaryFolder(t);
    const clone = path.join(folder, 'clone');
    cpSync(path.join(root, 'scripts/worker'), path.join(clone, 'scripts/worker'), { recursive: true });
    const worker = path.join(clone, 'node_modules/mediasoup/worker');
    cpSync(path.join(root, 'node_modules/mediasoup/worker'), worker, { recursive: true });
    writeFileSync(path.join(worker, 'src/RTC/DtlsTransport.cpp'), '// mended upstream\n');
    const { code, stderr } = await prepare(clone, path.join(folder, 'source'));
    assert.notEqual(code, 0);
    assert.match(stderr, /not as the build recipe expects: src\/RTC\/DtlsTransport\.cpp has no/);
  });
});
