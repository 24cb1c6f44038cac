/** The examples of the README in the hands of somebody who has nothing but the package. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { startServer, type ServerProcess } from '../support/server-process.ts';
import { TINY_MODEL } from '../server/support.ts';
import { codeBlock, install, node, pack, root, temporaryFolder } from './support.ts';

const cleanups: (() => void)[] = [];
let folder: string;
let tarball: string;

before(() => {
  folder = temporaryFolder({ after: (fn) => void cleanups.push(fn) });
  tarball = pack(folder);
  install(tarball, path.join(folder, 'app'), [
    'socket.io-client',
    'zod',
    'hyparquet-writer',
    'react',
    '@types/react',
    'csstype',
  ]);
});
after(() => cleanups.forEach((clean) => clean()));

/** Strict TypeScript as `tsc --init` sets it, and then some; types of dependencies are checked too. */
function compile(file: string, code: string): void {
  const app = path.join(folder, 'app');
  writeFileSync(path.join(app, file), code);
  writeFileSync(path.join(app, 'package.json'), JSON.stringify({ type: 'module' }));
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    jsx: 'react-jsx',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    types: [],
    outDir: 'out',
  };
  writeFileSync(path.join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
  node([path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'], app);
}

test('the client example compiles under strict TypeScript and prints events', { timeout: 180_000 }, async (t) => {
  const server: ServerProcess = await startServer({ UNDERTONE_ANALYSIS_MODEL: TINY_MODEL });
  t.after(() => server.stop());
  const example = codeBlock('README.md', "import { connect } from 'undertone/client'");
  compile('example.ts', example.replace('http://127.0.0.1:3000', server.url));
  const child = spawn(process.execPath, ['out/example.js'], {
    cwd: path.join(folder, 'app'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  t.after(() => child.kill());
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (lines.length === 2) break;
  }
  assert.equal(lines.length, 2, errors);
  for (const line of lines) assert.match(line, /^\w+: expression cues suggest [\w ]+ \(\d+ %\)$/);
  child.kill();
  await once(child, 'exit');
});

test('the React example compiles under strict TypeScript', () => {
  compile('Example.tsx', codeBlock('README.md', 'import { EmotionNotice,'));
});

test('React is not needed where it is not used, nor is anything of the server', () => {
  const { peerDependenciesMeta } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    peerDependenciesMeta: Record<string, { optional?: boolean }>;
  };
  assert.equal(peerDependenciesMeta['react']?.optional, true);
  const bare = path.join(folder, 'bare');
  install(tarball, bare, ['socket.io-client']);
  writeFileSync(
    path.join(bare, 'index.mjs'),
    "import { EmotionClient } from 'undertone/client'; console.log(EmotionClient.name);",
  );
  assert.equal(node(['index.mjs'], bare), 'EmotionClient\n');
});

test('the sample meeting comes with it', () => {
  const installed = path.join(folder, 'app', 'node_modules', 'undertone', 'dist');
  for (const name of ['meeting.json', 'events.jsonl']) {
    const place = ['server', 'sample', 'meeting', name];
    assert.equal(readFileSync(path.join(installed, ...place), 'utf8'), readFileSync(path.join(root, ...place), 'utf8'));
  }
});

test('the contract comes with validators, writers and documents', () => {
  const code = `
    import assert from 'node:assert/strict';
    import { createRequire } from 'node:module';
    import { EventSchema, exportEvents, EXPORT_FORMATS } from 'undertone/contract';
    const asyncapi = createRequire(import.meta.url)('undertone/contract/v1/asyncapi.json');
    assert.equal(asyncapi.asyncapi, '3.0.0');
    assert.equal(EventSchema.safeParse({}).success, false);
    for (const name of Object.keys(EXPORT_FORMATS)) for await (const _ of exportEvents(name, () => []));
    console.log('fine');
  `;
  writeFileSync(path.join(folder, 'app', 'contract.mjs'), code);
  assert.equal(node(['contract.mjs'], path.join(folder, 'app')), 'fine\n');
});
