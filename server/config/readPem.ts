import { readFileSync } from 'node:fs';
import { ConfigError } from './ConfigError.ts';

/**
 * Reads a certificate or a key.
 * @param key the setting that names the file
 * @throws ConfigError when it cannot be read
 */
export function readPem(key: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const message = `cannot read ${path} (${(error as NodeJS.ErrnoException).code}); give the path of a PEM file`;
    throw new ConfigError([{ key, from: 'configuration', message }]);
  }
}
