import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { ESLint } from 'eslint';

const root = path.resolve(import.meta.dirname, '../..');
// The type-aware rules want files that exist; the import rules look at the text and its place alone.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: false, project: false } },
  },
  ruleFilter: ({ ruleId }) => ruleId === 'import-x/no-restricted-paths' || ruleId === 'no-restricted-imports',
});

/** Lints a file that is not on the disk, in the given folder, with one import of a package or of a file that is. */
async function lintImport(folder: string, target: string): Promise<string[]> {
  const specifier = target.includes('/') ? relative(folder, target.endsWith('/') ? anyFileOf(target) : target) : target;
  const [result] = await eslint.lintText(`import * as imported from '${specifier}';\nexport { imported };\n`, {
    filePath: path.join(root, folder, 'not-on-the-disk.ts'),
  });
  assert.ok(result);
  const failures = result.messages.filter(({ ruleId }) => ruleId === null);
  assert.deepEqual(failures, [], 'the file must parse');
  return result.messages.map(({ message }) => message);
}

function relative(folder: string, target: string): string {
  const specifier = path.posix.relative(folder, target);
  return specifier.startsWith('.') ? specifier : `./${specifier}`;
}

/** Any source file of a folder: the rule resolves imports, so what is imported has to be there. */
function anyFileOf(folder: string): string {
  const file = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.d)\.ts$/.test(name))
    .sort()[0];
  assert.ok(file, `${folder} has a source file`);
  return `${folder}${file}`;
}

describe('the linter holds the one way that imports run', () => {
  const forbidden: Array<[string, string, RegExp]> = [
    ['plugin/tap', 'server/', /is a library/],
    ['plugin/events/contract/v1', 'plugin/consent/ConsentTypes.ts', /stands on nothing/],
    ['plugin/analytics', 'plugin/consent/ConsentTypes.ts', /events and nothing else/],
    ['plugin/analytics', 'plugin/transcript/', /events and nothing else/],
    ['plugin/tap', 'plugin/analyzer/rtp/', /host side shares only/],
    ['plugin/observer', 'plugin/analyzer/inference/', /host side shares only/],
    ['plugin', 'plugin/analyzer/media/', /host side shares only/],
    ['plugin/analyzer', 'plugin/tap/', /analyzer shares only/],
    ['plugin/analyzer/rtp', 'plugin/consent/', /analyzer shares only/],
    ['plugin/analyzer', 'plugin/analyzer/Supervisor.ts', /runs in the host process/],
    ['plugin/analyzer/rtp', 'plugin/analyzer/media/', /none of its neighbours/],
    ['plugin/analyzer/media', 'plugin/analyzer/speech/', /rtp only/],
    ['plugin/analyzer/speech', 'plugin/analyzer/inference/', /rtp, media, recording only/],
    ['plugin/tap', 'fastify', /neither HTTP nor Socket\.IO/],
    ['plugin/observer', 'socket.io', /neither HTTP nor Socket\.IO/],
    ['server/http', 'test/setup/', /Nothing but tests/],
    ['server/http', 'scripts/', /runs without these/],
    ['client', 'plugin/consent/', /event contract and nothing else/],
    ['client/react', 'server/http/', /knows nothing of what is built on it/],
    ['client', 'client/react/', /not a part of it/],
    ['client', 'zod', /runs in browsers/],
    ['plugin/events', 'client/', /for those who read them/],
  ];
  for (const [folder, target, message] of forbidden) {
    test(`${folder} must not import ${target}`, async () => {
      const messages = await lintImport(folder, target);
      assert.equal(messages.length, 1, JSON.stringify(messages));
      assert.match(messages[0] ?? '', message);
    });
  }

  const allowed: Array<[string, string]> = [
    ['server/gateway', 'plugin/index.ts'],
    ['server/http', 'fastify'],
    ['plugin/tap', 'plugin/analyzer/protocol.ts'],
    ['plugin/observer', 'plugin/analyzer/Supervisor.ts'],
    ['plugin/recording', 'plugin/analyzer/recording-protocol.ts'],
    ['plugin/observer', 'plugin/consent/'],
    ['plugin/tap', 'plugin/events/'],
    ['plugin/analyzer/utterance', 'plugin/events/'],
    ['plugin/analyzer/media', 'plugin/analyzer/rtp/'],
    ['plugin/analyzer/inference', 'plugin/analyzer/media/'],
    ['plugin/analyzer', 'plugin/analyzer/inference/'],
    ['plugin/analyzer/rtp', 'plugin/analyzer/protocol.ts'],
    ['test/analyzer', 'plugin/analyzer/rtp/'],
    ['client', 'plugin/events/contract/v1/'],
    ['client/react', 'client/'],
    ['server/web', 'client/'],
  ];
  for (const [folder, target] of allowed) {
    test(`${folder} may import ${target}`, async () => {
      assert.deepEqual(await lintImport(folder, target), []);
    });
  }
});
