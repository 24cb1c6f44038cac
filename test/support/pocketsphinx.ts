import { spawnSync } from 'node:child_process';

/** Why a test that needs Debian's recogniser is skipped; false where it is there. */
export function withoutPocketsphinx(): string | false {
  const { error } = spawnSync('pocketsphinx_continuous', { stdio: 'ignore' });
  return error !== undefined && 'pocketsphinx is not installed: apt-get install pocketsphinx pocketsphinx-en-us';
}
