import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from './ConfigError.ts';

export const DEFAULT_FILE = 'undertone.config.json';

export interface ConfigFile {
  path: string;
  value: Record<string, unknown>;
}

/**
 * Reads a configuration file.
 * @param named - the file that was asked for; without it the default file is read where there is one
 * @throws ConfigError when the file is not there, not readable or not a JSON object
 */
export function readConfigFile(named: { path: string; by: string } | undefined, cwd: string): ConfigFile | undefined {
  const path = resolve(cwd, named?.path ?? DEFAULT_FILE);
  const fail = (message: string) => new ConfigError([{ key: 'config', from: named?.by ?? `file ${path}`, message }]);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !named) return undefined;
    throw fail(`cannot read ${path} (${code}); give the path of a JSON file that this user may read`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail(`${path} is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fail(`${path} holds ${Array.isArray(value) ? 'a list' : String(value)}; a JSON object is needed`);
  }
  return { path, value: value as Record<string, unknown> };
}
