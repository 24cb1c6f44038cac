/** Tells what Undertone finds on this machine, what is missing, and what to do about it. Changes nothing. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Finding } from './doctor/finding.ts';
import { modelFindings } from './doctor/model-findings.ts';
import { providerFindings } from './doctor/provider-findings.ts';
import { setupFindings } from './doctor/setup-findings.ts';
import { toolFindings } from './doctor/tool-findings.ts';

const HELP = `Tells what is there, what is missing and what to do about it; changes nothing.

Usage: npm run doctor -- [--json]

  --json   one JSON object: { ready, findings: [{ name, required, ok, detail, advice? }] }
  --help   this text

Exit code 0 when everything that is required is there, else 1.
`;

const root = path.resolve(import.meta.dirname, '..');

function format({ name, required, ok, detail, advice }: Finding): string {
  const mark = ok ? '✓' : required ? '✗' : '–';
  return `${mark} ${name}: ${detail}${advice ? `\n    ${advice}` : ''}\n`;
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const findings = [...setupFindings(root), ...modelFindings(root), ...(await providerFindings()), ...toolFindings()];
  const ready = findings.every(({ required, ok }) => ok || !required);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ ready, findings })}\n`);
  } else {
    process.stdout.write(findings.map(format).join(''));
    process.stdout.write(ready ? '\nReady to run.\n' : '\nNot ready: see the lines with ✗.\n');
  }
  return ready ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  // parseArgs names the argument that it does not know.
  process.stderr.write(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
