import { existsSync } from 'node:fs';
import { findCommand } from './find-command.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null} the Chromium that the browser tests use: UNDERTONE_CHROMIUM, else one on the PATH
 */
export function findChromium(env) {
  if (env.UNDERTONE_CHROMIUM) return existsSync(env.UNDERTONE_CHROMIUM) ? env.UNDERTONE_CHROMIUM : null;
  for (const name of NAMES) {
    const file = findCommand(name, env);
    if (file) return file;
  }
  return null;
}
