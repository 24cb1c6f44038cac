import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parseArguments } from '../../server/config/arguments.ts';
import { documentConfig } from '../../server/config/document.ts';
import { ConfigError, loadConfig, type Config } from '../../server/index.ts';
import type { ConfigSources } from '../../server/config/loadConfig.ts';

const dir = mkdtempSync(join(tmpdir(), 'undertone-config-'));
after(() => rmSync(dir, { recursive: true }));

function file(content: unknown, name = 'undertone.config.json'): string {
  const path = join(mkdtempSync(join(dir, 'cwd-')), name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const load = (sources: ConfigSources = {}): Config => loadConfig({ env: {}, cwd: join(dir, 'nowhere'), ...sources });

function problem(sources: ConfigSources): string {
  try {
    load(sources);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message;
  }
  return assert.fail('the configuration was accepted');
}

describe('configuration', () => {
  test('has safe defaults: loopback only, consent visible to the room, no purpose beyond a demo', () => {
    const config = load();
    assert.equal(config.host, '127.0.0.1');
    assert.equal(config.port, 3000);
    assert.equal(config.visibility, 'room');
    assert.deepEqual(config.purpose, { use: 'demo', context: 'private', jurisdiction: 'none' });
    assert.equal(config.analysis.utterance.silenceMs, 600);
  });

  test('is taken from the file, then the environment, then the command line', () => {
    const path = file({ port: 4001, host: '0.0.0.0', limits: { rooms: 7 }, labels: ['engaged', 'bored'] });
    const config = load({
      file: path,
      env: { UNDERTONE_PORT: '4002', UNDERTONE_RTC_ENABLE_TCP: 'false', UNDERTONE_ANALYSIS_VIDEO_FPS: '2.5' },
      overrides: parseArguments(['--host', '127.0.0.2']).overrides,
    });
    assert.equal(config.limits.rooms, 7);
    assert.deepEqual(config.labels, ['engaged', 'bored']);
    assert.equal(config.port, 4002);
    assert.equal(config.rtc.enableTcp, false);
    assert.equal(config.analysis.videoFps, 2.5);
    assert.equal(config.host, '127.0.0.2');
  });

  test('takes the file of the working directory, or the one that the environment names', () => {
    const path = file({ port: 4003 });
    assert.equal(load({ cwd: join(path, '..') }).port, 4003);
    assert.equal(load({ env: { UNDERTONE_CONFIG: path } }).port, 4003);
  });

  test('reads a list of labels from the environment', () => {
    const { labels } = load({ env: { UNDERTONE_LABELS: 'engaged, confused,bored' } });
    assert.deepEqual(labels, ['engaged', 'confused', 'bored']);
  });

  test('names the setting, its place, its value and what is allowed', () => {
    assert.equal(
      problem({ env: { UNDERTONE_PORT: 'abc' } }),
      'port (environment UNDERTONE_PORT): "abc" is not allowed; allowed: an integer from 0 to 65535',
    );
    const path = file({ analysis: { utterance: { silenceMs: 5 } } });
    assert.equal(
      problem({ file: path }),
      `analysis.utterance.silenceMs (file ${path}): 5 is not allowed; allowed: an integer from 100 to 5000`,
    );
    const { overrides } = parseArguments(['--port', '70000']);
    assert.equal(problem({ overrides }), 'port (--port): 70000 is not allowed; allowed: an integer from 0 to 65535');
  });

  test('tells all problems at once', () => {
    const lines = problem({ env: { UNDERTONE_WORKERS: '0', UNDERTONE_VISIBILITY: 'all' } }).split('\n');
    assert.equal(lines.length, 2);
    assert.ok(lines.some((line) => line.includes('"all" is not allowed; allowed: `room`, `self`')));
  });

  test('refuses an unknown setting and suggests the one that was meant', () => {
    assert.match(
      problem({ file: file({ prot: 1 }) }),
      /^prot \(file .*\): there is no such setting; did you mean port\?$/,
    );
    assert.match(problem({ file: file({ rtc: { minport: 1 } }) }), /did you mean rtc\.minPort\?/);
    assert.match(problem({ env: { UNDERTONE_PROT: '1' } }), /did you mean UNDERTONE_PORT\?/);
    assert.throws(() => parseArguments(['--prot', '1']), /did you mean --port\?/);
  });

  test('refuses a room id and labels that cannot be', () => {
    assert.match(problem({ file: file({ rooms: { 'a b': {} } }) }), /rooms\.a b .*1 to 64 of a-z/);
    assert.match(problem({ file: file({ rooms: { a: { labels: ['one'] } } }) }), /^rooms\.a\.labels .*2 to 64 labels/);
  });

  test('never repeats a secret', () => {
    const message = problem({ env: { UNDERTONE_TOKEN_SECRET: 'hunter2' } });
    assert.ok(!message.includes('hunter2'), message);
    assert.match(message, /^tokenSecret .*32 to 1024 characters/);
  });

  test('says what is wrong with the file', () => {
    assert.match(
      problem({ file: join(dir, 'none.json') }),
      /^config \(--config\): cannot read .*none\.json \(ENOENT\)/,
    );
    assert.match(problem({ file: file('{ "port": ') }), /is not JSON/);
    assert.match(problem({ file: file('[]') }), /holds a list; a JSON object is needed/);
  });

  test('refuses settings that contradict each other', () => {
    assert.match(problem({ env: { UNDERTONE_RTC_MIN_PORT: '50000' } }), /50000 is not below rtc\.maxPort, 40999/);
    assert.match(
      problem({ env: { UNDERTONE_RTC_ENABLE_UDP: 'false', UNDERTONE_RTC_ENABLE_TCP: 'false' } }),
      /media needs a way in/,
    );
  });

  test('is documented: docs/configuration.md is what the schema says', () => {
    const written = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    assert.equal(written, documentConfig(), 'run `node server/config/write-docs.ts`');
  });
});

describe('declared purpose', () => {
  const purpose = (settings: Record<string, string>) => ({ file: file({ purpose: settings }) });

  for (const jurisdiction of ['EU', 'DE', 'IE', 'NO', 'RE']) {
    for (const context of ['workplace', 'education']) {
      test(`is refused for ${context} in ${jurisdiction}, with the article that forbids it`, () => {
        const message = problem(purpose({ use: 'customer-care', context, jurisdiction }));
        assert.match(message, /^purpose .*refused: in .*Art\. 5\(1\)\(f\) of the EU AI Act/);
      });
    }
  }

  test('is accepted there on a medical or safety basis', () => {
    for (const basis of ['medical', 'safety']) {
      const sources = purpose({ use: 'health', context: 'workplace', jurisdiction: 'FR', basis });
      assert.equal(load(sources).purpose.basis, basis);
    }
  });

  test('is accepted where that law does not hold, and for private use where it does', () => {
    load(purpose({ use: 'customer-care', context: 'workplace', jurisdiction: 'US' }));
    load(purpose({ use: 'personal-training', context: 'private', jurisdiction: 'DE' }));
  });

  test('names a jurisdiction that exists', () => {
    for (const jurisdiction of ['XX', 'de', 'Germany', '']) {
      assert.match(problem(purpose({ jurisdiction })), /^purpose\.jurisdiction .*ISO 3166-1/);
    }
  });
});
