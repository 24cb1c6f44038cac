import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {string} folder
 * @returns {string[]} the files in it and in its folders, as sorted paths relative to it
 */
export function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? listFiles(path.join(folder, entry.name)).map((file) => path.join(entry.name, file))
        : [entry.name],
    )
    .sort();
}

/**
 * @param {import('node:crypto').Hash} hash takes in the names and the contents of the files in the folder
 * @param {string} folder
 */
export function hashFolder(hash, folder) {
  for (const file of listFiles(folder)) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(folder, file)))
      .update('\0');
  }
}
