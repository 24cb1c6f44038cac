/** Links of the documentation lead somewhere, and what it quotes or tells to run is there. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

const root = path.resolve(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const FILES = globSync(['*.md', '{docs,examples,models,plugin,scripts,server,test}/**/*.md'], {
  cwd: root,
  exclude: (name) => name.includes('node_modules'),
}).sort();

/** Without code, in which brackets mean something else. */
const prose = (text: string) => text.replaceAll(/^ *```.*?^ *```/gms, '').replaceAll(/`[^`\n]*`/g, '`code`');

/** As GitHub makes them of headings. */
function anchorsOf(file: string): Set<string> {
  const text = read(file).replaceAll(/^ *```.*?^ *```/gms, '');
  return new Set(
    [...text.matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

/** What is wrong with a relative link; undefined where nothing is. */
function problemOf(file: string, link: string): string | undefined {
  const [target = '', anchor] = link.split('#');
  const found = target === '' ? file : path.join(path.dirname(file), decodeURI(target));
  if (!existsSync(path.join(root, found))) return `${file}: ${link} leads nowhere`;
  if (anchor === undefined || !found.endsWith('.md')) return undefined;
  return anchorsOf(found).has(anchor) ? undefined : `${file}: ${found} has no heading for #${anchor}`;
}

test('every relative link in the documentation resolves, heading included', () => {
  const problems = FILES.flatMap((file) =>
    [...prose(read(file)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^[a-z]+:/i.test(link))
      .map((link) => problemOf(file, link))
      .filter((problem) => problem !== undefined),
  );
  assert.ok(FILES.length > 15, 'there are files');
  assert.deepEqual(problems, []);
});

test('a link that leads nowhere, or to no heading, is found', () => {
  assert.match(problemOf('README.md', 'docs/nothing.md') ?? '', /leads nowhere/);
  assert.match(problemOf('README.md', 'docs/client.md#nothing') ?? '', /no heading/);
  assert.equal(problemOf('README.md', 'docs/client.md#react'), undefined);
});

const dedent = (code: string) => {
  const lines = code.trimEnd().split('\n');
  const depth = Math.min(...lines.filter(Boolean).map((line) => /^ */.exec(line)![0].length));
  return lines.map((line) => line.slice(depth));
};

/** Whether these lines follow each other in a file, however deep they stand in it. */
function quotes(file: string, code: string): boolean {
  const wanted = dedent(code);
  const lines = read(file).split('\n');
  return lines.some((_, index) => {
    const there = lines.slice(index, index + wanted.length);
    return there.length === wanted.length && dedent(there.join('\n') + ' ').join('\n') === wanted.join('\n');
  });
}

test('every piece of code in a guide is a piece of an example, which a test runs', () => {
  for (const guide of FILES.filter((file) => file.startsWith('docs/guides/'))) {
    const text = read(guide);
    const marked = [...text.matchAll(/<!-- from (\S+) -->\n\n```tsx?\n(.*?)```/gs)];
    assert.equal(marked.length, [...text.matchAll(/```tsx?\n/g)].length, `${guide}: code without a source`);
    for (const [, file, code] of marked) assert.ok(quotes(file!, code!), `${guide}: not in ${file}:\n${code}`);
  }
});

const EXAMPLES = globSync('examples/*/', { cwd: root }).map((folder) => path.basename(folder));

test('every example has its question, its command and its line in the index', () => {
  const index = read('examples/README.md');
  assert.ok(EXAMPLES.length >= 8);
  for (const name of EXAMPLES) {
    const readme = read(`examples/${name}/README.md`);
    assert.match(readme, /^# .+\?\n/, name);
    assert.ok(readme.includes(`npm run example -- ${name}`), `${name}: its command`);
    const question = /^# (.+)\n/.exec(readme)![1]!;
    assert.ok(index.includes(question) && index.includes(`](${name})`), `${name} in the index`);
  }
});

test('every example is run by a test', () => {
  const tests = globSync('test/examples/*.test.ts', { cwd: root }).map(read).join('\n');
  for (const name of EXAMPLES)
    assert.ok(new RegExp(`(Example|serve)\\([^)]*'${name}|examples/${name}/`).test(tests), name);
});

test('every command that the documentation tells to run is one of package.json', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const file of FILES) {
    for (const [, name] of read(file).matchAll(/npm run (?:--silent )?([a-z][a-z:]*)/g)) {
      assert.ok(scripts[name!], `${file}: npm run ${name}`);
    }
    for (const [, name] of read(file).matchAll(/npm run example -- ([\w./-]+)/g)) {
      if (name !== 'NAME') assert.ok(existsSync(path.join(root, 'examples', name!)), `${file}: example ${name}`);
    }
  }
});
