import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { optional, required, type Finding } from './finding.ts';

/** What `scripts/setup.mjs --check --json` prints. */
interface SetupReport {
  cache: string;
  worker: string;
  chromium: string | null;
  steps: Array<{ id: string; title: string; missing: string | null }>;
}

const ADVICE = 'Run `npm start` or `npm run setup`: it installs or builds what is missing.';

/** What setup provides: it is asked itself, so that the two never differ. */
export function setupFindings(root: string): Finding[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, 'scripts', 'setup.mjs'), '--check', '--json', '--for', 'start'],
    { encoding: 'utf8' },
  );
  if (!stdout) return [required('setup', false, stderr.trim(), 'Mend what the message names.')];
  const report = JSON.parse(stdout) as SetupReport;
  const present: Record<string, string> = {
    node: `Node.js ${process.versions.node}, ${process.execPath}`,
    debian: 'all that the build of the worker needs, or a worker that is built',
    worker: report.worker,
  };
  return [
    ...report.steps.map(({ id, title, missing }) =>
      required(title, missing === null, missing === null ? (present[id] ?? 'present') : `missing: ${missing}`, ADVICE),
    ),
    optional(
      'Chromium',
      report.chromium !== null,
      report.chromium ?? 'not found; only the browser tests use it',
      '`npm test` installs it where it may; or set UNDERTONE_CHROMIUM.',
    ),
  ];
}
