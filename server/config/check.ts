import type { z } from 'zod';
import { checkAlerts } from './checkAlerts.ts';
import { refusePurpose } from '../../plugin/consent/purpose.ts';
import { ConfigError, type ConfigProblem } from './ConfigError.ts';
import { allowedValues, isSecret, schemaAt, unwrap } from './leaves.ts';
import { refersToLoopback } from './loopback.ts';
import { configSchema, type Config } from './schema.ts';
import { suggest } from './suggest.ts';

/** Where the value at a path came from. */
export type Origin = (path: readonly PropertyKey[]) => string;

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  return value;
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown, origin: Origin): ConfigProblem[] {
  const schema = schemaAt(configSchema, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = schema && unwrap(schema);
    const siblings = known && 'shape' in known ? Object.keys(known.shape as object) : [];
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const meant = suggest(key, siblings);
      const hint = meant ? `did you mean ${[...issue.path, meant].join('.')}?` : `known here: ${siblings.join(', ')}`;
      return { key: path.join('.'), from: origin(path), message: `there is no such setting; ${hint}` };
    });
  }
  const key = issue.path.join('.') || 'config';
  const value = valueAt(input, issue.path);
  if (issue.code === 'custom' && issue.params?.['told'] === true) {
    return [{ key, from: origin(issue.path), message: issue.message }];
  }
  const shown = isSecret(configSchema, issue.path)
    ? 'the value'
    : value === undefined
      ? 'nothing'
      : JSON.stringify(value);
  const allowed = schema ? allowedValues(schema) : issue.message;
  const detail =
    issue.code === 'invalid_key' ? `room ids have 1 to 64 of a-z, A-Z, 0-9, _ and -` : `allowed: ${allowed}`;
  return [{ key, from: origin(issue.path), message: `${shown} is not allowed; ${detail}` }];
}

/** Rules that span several settings. */
function crossProblems(config: Config, origin: Origin): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (path: string[], message: string) => problems.push({ key: path.join('.'), from: origin(path), message });
  const { rtc } = config;
  if (rtc.minPort >= rtc.maxPort) {
    add(['rtc', 'minPort'], `${rtc.minPort} is not below rtc.maxPort, ${rtc.maxPort}; allowed: a lower port`);
  }
  if (!rtc.enableUdp && !rtc.enableTcp) {
    add(['rtc', 'enableUdp'], 'media needs a way in; set rtc.enableUdp or rtc.enableTcp to true');
  }
  const { auth } = config;
  const outside = ['jwksUrl', 'issuer', 'audience'] as const;
  for (const missing of outside.filter((name) => auth[name] === undefined)) {
    if (outside.every((name) => auth[name] === undefined)) break;
    add(['auth', missing], 'nothing is given; auth.jwksUrl, auth.issuer and auth.audience go together');
  }
  if (auth.jwksUrl?.startsWith('http:') && !refersToLoopback(new URL(auth.jwksUrl).hostname)) {
    add(['auth', 'jwksUrl'], 'keys that come without TLS can be anybody’s; allowed: https');
  }
  if (auth.previousSecret !== undefined && config.tokenSecret === undefined) {
    add(['auth', 'previousSecret'], 'there is no present one; set tokenSecret too');
  }
  checkAlerts(config, add);
  const { auditFile, auditKey } = config.consent;
  if (auditFile !== undefined && auditKey === undefined) {
    const message = 'nothing is given; consent.auditFile needs it, or nobody would be found again after a restart';
    add(['consent', 'auditKey'], `${message}; allowed: 32 characters or more, such as of \`openssl rand -base64 32\``);
  }
  const { redis } = config;
  if (redis.url !== undefined && !URL.canParse(redis.url)) add(['redis', 'url'], 'the value is no URL');
  if (redis.caFile !== undefined && redis.url?.startsWith('rediss:') !== true) {
    add(['redis', 'caFile'], 'is for TLS alone; allowed: together with a redis.url that begins with `rediss://`');
  }
  if (redis.url !== undefined && config.tokenSecret === undefined) {
    const message = 'servers that share redis.url share a secret: a random one makes tokens of this server alone';
    add(['tokenSecret'], message);
  }
  if (config.storage === 'events+transcript' && !config.analysis.includeTranscript) {
    add(
      ['storage'],
      'there are no words to keep: analysis.includeTranscript is false; set it to true, or store `events`',
    );
  }
  const refused = refusePurpose(config.purpose);
  if (refused) add(['purpose'], refused);
  return problems;
}

/**
 * Checks settings and fills in defaults.
 * @throws ConfigError naming each setting, where it came from, its value and what is allowed
 */
export function checkConfig(input: unknown, origin: Origin = () => 'given'): Config {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.flatMap((issue) => problemsOf(issue, input, origin)));
  const problems = crossProblems(parsed.data, origin);
  if (problems.length > 0) throw new ConfigError(problems);
  return parsed.data;
}

/** The settings as they may be shown: what is secret says only that it is there. */
export function withoutSecrets(config: Config): Config {
  const shown = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (value === undefined) return undefined;
    if (isSecret(configSchema, path)) return '(set)';
    if (Array.isArray(value)) return value.map((one, index) => shown(one, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(one, [...path, key])]));
  };
  return shown(config, []) as Config;
}
