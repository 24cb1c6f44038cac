import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { cautionsFor } from '../../plugin/consent/purpose.ts';
import { parseArguments } from '../../server/config/arguments.ts';
import { documentConfig } from '../../server/config/document.ts';
import { noticeFor } from '../../server/gateway/notice.ts';
import { documentErrors } from '../../server/http/documentErrors.ts';
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
    assert.ok(
      lines.some((line) => line.includes('"all" is not allowed; allowed: `room`, `granted`, `aggregate`, `self`')),
    );
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
    const plain = problem({
      env: { UNDERTONE_REDIS_URL: 'redis://:hush@127.0.0.1', UNDERTONE_REDIS_CA_FILE: 'ca.pem' },
    });
    assert.match(plain, /redis\.caFile .*begins with `rediss:\/\/`/);
    assert.doesNotMatch(plain, /hush/);
  });

  test('is documented: docs/configuration.md is what the schema says', () => {
    const written = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    assert.equal(written, documentConfig(), 'run `npm run docs`');
  });

  test('of errors is documented too: docs/errors.md is what the table says', () => {
    const written = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
    assert.equal(written, documentErrors(), 'run `npm run docs`');
  });

  test('wants a key with the file of the audit trail, and never repeats it', () => {
    const missing = problem({ file: file({ consent: { auditFile: 'a.jsonl' } }) });
    assert.match(missing, /^consent\.auditKey .*consent\.auditFile needs it/);
    const short = problem({ file: file({ consent: { auditFile: 'a.jsonl', auditKey: 'too short to be one' } }) });
    assert.match(short, /^consent\.auditKey /);
    assert.doesNotMatch(short, /too short to be one/);
  });

  test('takes keys of another issuer only whole, and only over TLS', () => {
    const jwksUrl = 'https://login.example.org/jwks';
    assert.match(problem({ file: file({ auth: { jwksUrl } }) }), /^auth\.issuer .*go together\nauth\.audience /);
    const auth = { jwksUrl: 'http://login.example.org/jwks', issuer: 'x', audience: 'y' };
    assert.match(problem({ file: file({ auth }) }), /^auth\.jwksUrl .*allowed: https/);
    for (const host of ['127.0.0.1', '127.3.2.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost']) {
      const local = { ...auth, jwksUrl: `http://${host}:8080/jwks` };
      assert.equal(load({ file: file({ auth: local }) }).auth.issuer, 'x', host);
    }
    for (const host of ['127.example.org', 'localhost.example.org', '[::2]', '[::ffff:10.0.0.1]', '126.0.0.1']) {
      const remote = { ...auth, jwksUrl: `http://${host}/jwks` };
      assert.match(problem({ file: file({ auth: remote }) }), /^auth\.jwksUrl .*allowed: https/, host);
    }
    assert.match(
      problem({ file: file({ auth: { algorithms: ['none'] } }) }),
      /^auth\.algorithms\.0 .*"none" is not allowed/,
    );
  });

  test('reads lists of origins from the environment, and refuses what is none', () => {
    const { cors } = load({ env: { UNDERTONE_CORS_ORIGINS: 'https://a.example.org, https://b.example.org' } });
    assert.deepEqual(cors.origins, ['https://a.example.org', 'https://b.example.org']);
    assert.match(problem({ env: { UNDERTONE_CORS_ORIGINS: 'a.example.org' } }), /^cors\.origins\.0 /);
  });
});

describe('settings of alerts', () => {
  const rule = { id: 'joy', about: 'self', measure: 'label', label: 'joy', above: 0.7 };
  const room = { id: 'mood', about: 'aggregate', measure: 'sentiment', below: -1 };
  const secrets = ['whsec_' + Buffer.alloc(24, 7).toString('base64')];
  const hook = { name: 'ops', url: 'https://ops.example.org/hook', secrets };
  const alerts = (settings: object, more: object = {}) => ({ file: file({ alerts: settings, ...more }) });

  test('are none by default, and have defaults of their own', () => {
    assert.deepEqual(load().alerts, { rules: [], webhooks: [], allowHttp: false });
    const { rules, webhooks } = load(alerts({ rules: [rule], webhooks: [hook] })).alerts;
    assert.deepEqual(
      [rules[0]!.minResults, rules[0]!.margin, rules[0]!.coolDownMs, webhooks[0]!.attempts],
      [3, 0.1, 300_000, 8],
    );
  });

  test('come from the environment as JSON', () => {
    const env = { UNDERTONE_ALERTS_RULES: JSON.stringify([rule, room]) };
    assert.deepEqual(
      load({ env }).alerts.rules.map(({ id }) => id),
      ['joy', 'mood'],
    );
    assert.match(
      problem({ env: { UNDERTONE_ALERTS_RULES: '[{' } }),
      /^alerts\.rules \(environment .*a list of up to 100 rules/,
    );
  });

  for (const [what, change, message] of [
    [
      'kind',
      { about: 'team' },
      /^alerts\.rules\.0\.about \(file .*"team" is not allowed; allowed: `self`, `aggregate`$/,
    ],
    ['name', { tresh: 1 }, /^alerts\.rules\.0\.tresh .*there is no such setting/],
    ['missing label', { label: undefined }, /^alerts\.rules\.0\.label .*nothing is given; allowed: the label/],
    ['label too much', { measure: 'arousal' }, /^alerts\.rules\.0\.label .*belongs to measure: label/],
    [
      'threshold',
      { above: 1.5 },
      /^alerts\.rules\.0\.above .*1\.5 is no value of label; allowed: a number from 0 to 1$/,
    ],
    ['two thresholds', { below: 0.1 }, /^alerts\.rules\.0\.above .*not both/],
    ['margin', { above: 0.05 }, /^alerts\.rules\.0\.margin .*would never end; allowed: a number from 0 to 0\.05$/],
    [
      'number',
      { minResults: 0 },
      /^alerts\.rules\.0\.minResults .*0 is not allowed; allowed: an integer from 1 to 100$/,
    ],
  ] as const) {
    test(`refuse a rule of a wrong ${what}, with its field and what is allowed`, () => {
      assert.match(problem(alerts({ rules: [{ ...rule, ...change }] })), message);
    });
  }

  for (const [what, change, message] of [
    ['without TLS', { url: 'http://ops.example.org/hook' }, /^alerts\.webhooks\.0\.url .*allowed: https$/],
    [
      'with a password in it',
      { url: 'https://a:b@ops.example.org' },
      /^alerts\.webhooks\.0\.url .*user name or password/,
    ],
    ['of another scheme', { url: 'ftp://ops.example.org' }, /^alerts\.webhooks\.0\.url .*allowed: an https address/],
    ['of a rule that there is not', { rules: ['anger'] }, /^alerts\.webhooks\.0\.rules .*no rule anger; allowed: joy$/],
  ] as const) {
    test(`refuse a webhook ${what}`, () => {
      assert.match(problem(alerts({ rules: [rule], webhooks: [{ ...hook, ...change }] })), message);
    });
  }

  test('take http to this machine, and elsewhere where it is allowed', () => {
    load(alerts({ webhooks: [{ ...hook, url: 'http://[::1]:8080/hook' }] }));
    load(alerts({ webhooks: [{ ...hook, url: 'http://10.0.0.7/hook' }], allowHttp: true }));
  });

  test('never repeat a secret', () => {
    const message = problem(alerts({ webhooks: [{ ...hook, secrets: ['whsec_hunter2'] }] }));
    assert.ok(!message.includes('hunter2'), message);
    assert.match(message, /^alerts\.webhooks\.0\.secrets\.0 .*the value is not allowed; allowed: .*whsec_/);
  });

  test('tell others about one participant only where the notice says that others see that', () => {
    for (const visibility of ['aggregate', 'self']) {
      const message = problem(alerts({ rules: [rule, room], webhooks: [hook] }, { visibility }));
      assert.match(
        message,
        /^alerts\.webhooks\.0\.rules .*joy would tell others about one participant, which visibility/,
      );
    }
    load(alerts({ rules: [rule, room], webhooks: [{ ...hook, rules: ['mood'] }] }, { visibility: 'aggregate' }));
    assert.match(
      problem(alerts({ rules: [room], webhooks: [hook] }, { visibility: 'self' })),
      /visibility: self forbids/,
    );
  });

  test('look at means only where there are some', () => {
    const analysis = { aggregate: { intervalMs: 0 } };
    assert.match(problem(alerts({ rules: [room] }, { analysis })), /^alerts\.rules\.0\.about .*no means to look at/);
  });

  test('change the text of the notice, and its version, where alerts leave the call', () => {
    const notice = (settings: object) => noticeFor(load(alerts(settings)));
    const plain = notice({ rules: [rule] });
    const own = notice({ rules: [rule, room], webhooks: [hook] });
    const means = notice({ rules: [rule, room], webhooks: [{ ...hook, rules: ['mood'] }] });
    assert.equal(new Set([plain, own, means].map(({ version }) => version)).size, 3);
    assert.ok(own.text.some((text) => /several of your results.*system of the host/.test(text)));
    assert.ok(means.text.some((text) => /averages.*does not say whose/.test(text)));
    assert.equal(plain.text.length, own.text.length - 1);
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

  test('that is allowed comes with what is to be kept in mind', () => {
    const cautions = (settings: Record<string, string>) => cautionsFor(load(purpose(settings)).purpose).join('\n');
    assert.match(cautions({ use: 'customer-care', context: 'public', jurisdiction: 'DE' }), /50\(3\).*5\(1\)\(f\)/s);
    assert.doesNotMatch(cautions({ use: 'research', context: 'public', jurisdiction: 'DE' }), /5\(1\)\(f\)/);
    assert.equal(cautions({ use: 'customer-care', context: 'public', jurisdiction: 'US' }), '');
  });

  test('names a jurisdiction that exists', () => {
    for (const jurisdiction of ['XX', 'de', 'Germany', '']) {
      assert.match(problem(purpose({ jurisdiction })), /^purpose\.jurisdiction .*ISO 3166-1/);
    }
  });
});
