import { spawnSync } from 'node:child_process';
import { optional, type Finding } from './finding.ts';

/** What Undertone uses when it is there. */
export function toolFindings(): Finding[] {
  return [ffmpeg(), nodeAv()];
}

function ffmpeg(): Finding {
  const { stdout, status } = spawnSync('ffmpeg', ['-version'], { encoding: 'utf8' });
  const version = status === 0 ? /^ffmpeg version \S+/.exec(stdout)?.[0] : undefined;
  return optional(
    'ffmpeg',
    version !== undefined,
    version ?? 'not found; only making the sample call and the test fixtures anew uses it',
    'Debian: `apt-get install ffmpeg`.',
  );
}

function nodeAv(): Finding {
  let found = true;
  try {
    import.meta.resolve('node-av');
  } catch {
    found = false;
  }
  return optional(
    'node-av',
    found,
    found ? 'installed: video is decoded natively' : 'not installed: video is decoded by WebAssembly, at a higher cost',
    '`npm install --no-save node-av`, if its licence (GPL) suits you.',
  );
}
