import { checkConfig } from './check.ts';
import { readEnvironment, type Setting } from './environment.ts';
import { DEFAULT_FILE, readConfigFile } from './file.ts';
import { leavesOf } from './leaves.ts';
import { configSchema, type Config } from './schema.ts';

export interface ConfigSources {
  /** File that was asked for on the command line. */
  file?: string;
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Where the default file is looked for. @default process.cwd() */
  cwd?: string;
  /** Settings of the command line; they win. */
  overrides?: Setting[];
}

function assign(root: Record<string, unknown>, { path, value }: Setting): void {
  let target = root;
  for (const key of path.slice(0, -1)) {
    const child = target[key];
    // A wrong value in between is left for the check to name.
    if (child !== undefined && (typeof child !== 'object' || child === null)) return;
    target = (target[key] ??= {}) as Record<string, unknown>;
  }
  target[path.at(-1)!] = value;
}

/**
 * Puts the configuration together: defaults, then the file, then the environment, then the command line.
 * @throws ConfigError naming each wrong setting, where it came from, its value and what is allowed
 */
export function loadConfig({
  file,
  env = process.env,
  cwd = process.cwd(),
  overrides = [],
}: ConfigSources = {}): Config {
  const fromEnv = env['UNDERTONE_CONFIG'];
  const named = file
    ? { path: file, by: '--config' }
    : fromEnv
      ? { path: fromEnv, by: 'environment UNDERTONE_CONFIG' }
      : undefined;
  const found = readConfigFile(named, cwd);
  const settings = [...readEnvironment(env, leavesOf(configSchema)), ...overrides];

  const input = structuredClone(found?.value ?? {});
  // An editor's schema reference is no setting.
  delete input['$schema'];
  for (const setting of settings) assign(input, setting);

  const origins = new Map(settings.map(({ path, from }) => [path.join('.'), from]));
  const filePlace = `file ${found?.path ?? DEFAULT_FILE}`;
  return checkConfig(input, (path) => {
    for (let length = path.length; length > 0; length--) {
      const from = origins.get(path.slice(0, length).join('.'));
      if (from) return from;
    }
    return valueIn(found?.value, path) ? filePlace : (closest(origins, path) ?? 'default');
  });
}

function valueIn(root: unknown, path: readonly PropertyKey[]): boolean {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !(key in value)) return false;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return root !== undefined;
}

/** For a problem with a whole section: a setting within it that was given. */
function closest(origins: ReadonlyMap<string, string>, path: readonly PropertyKey[]): string | undefined {
  const prefix = `${path.join('.')}.`;
  for (const [key, from] of origins) if (key.startsWith(prefix)) return from;
  return undefined;
}
