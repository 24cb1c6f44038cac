/** The command line: `undertone COMMAND`. One file a command. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_DIR } from '../../plugin/paths.ts';
import { UsageError } from './UsageError.ts';

interface Command {
  summary: string;
  load: () => Promise<{ run: (args: string[]) => Promise<number> }>;
}

const COMMANDS: Readonly<Record<string, Command>> = Object.freeze({
  start: { summary: 'Run the server: calls, live events, the page', load: () => import('./start.ts') },
  demo: { summary: 'Play the sample call and print its events', load: () => import('./demo.ts') },
  analyze: {
    summary: 'Analyze recordings of a meeting (WAV, Ogg Opus, MP4, WebM, MKV)',
    load: () => import('./analyze.ts'),
  },
  export: { summary: 'Write events in another format (CSV, EmotionML, ...)', load: () => import('./export.ts') },
  report: { summary: 'What the events of a meeting come to, person by person', load: () => import('./report.ts') },
  webhook: { summary: 'Check the signature of a webhook, make a secret', load: () => import('./webhook.ts') },
  audit: { summary: 'Verify or show the audit trail of consent', load: () => import('./audit.ts') },
  meetings: { summary: 'List the meetings that are kept', load: () => import('./meetings.ts') },
  erase: { summary: 'Erase a participant, or a meeting, from what is kept', load: () => import('./erase.ts') },
  evaluate: { summary: 'Measure a model on labelled items (CSV)', load: () => import('./evaluate.ts') },
});

function help(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const rows = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'Usage: undertone COMMAND [OPTIONS]',
    '',
    ...rows,
    '',
    'undertone COMMAND --help tells the options of a command; --version the version.',
  ].join('\n');
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(help());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    const { version } = JSON.parse(readFileSync(join(PACKAGE_DIR, 'package.json'), 'utf8')) as { version: string };
    console.log(version);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    throw new UsageError(`${name}: no such command; there are ${Object.keys(COMMANDS).join(', ')}`);
  }
  return (await command.load()).run(args);
}

// A reader that has seen enough (`| head`) closes the pipe: that ends the program, it is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // parseArgs marks what the user typed wrong by such codes.
  const usage =
    error instanceof UsageError || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  console.error(`undertone: ${(error as Error).message}`);
  process.exitCode = usage ? 2 : 1;
}
