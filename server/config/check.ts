import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './ConfigError.ts';
import { allowedValues, leavesOf, schemaAt, unwrap } from './leaves.ts';
import { refusePurpose } from './purpose.ts';
import { configSchema, type Config } from './schema.ts';
import { suggest } from './suggest.ts';

/** Where the value at a path came from. */
export type Origin = (path: readonly PropertyKey[]) => string;

const SECRET_PATHS = new Set(
  leavesOf(configSchema)
    .filter(({ secret }) => secret)
    .map(({ path }) => path.join('.')),
);

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
  const shown = SECRET_PATHS.has(key) ? 'the value' : value === undefined ? 'nothing' : JSON.stringify(value);
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
