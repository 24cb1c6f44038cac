import { leavesOf } from './leaves.ts';
import { markdownTable } from './markdownTable.ts';
import { configSchema } from './schema.ts';

const INTRODUCTION = `# Configuration

Written from \`server/config/schema.ts\`; a test keeps the two the same (\`node server/config/write-docs.ts\` writes it anew).

A setting comes from, in rising order: its default, the file \`undertone.config.json\` in the working directory (or the
one that \`--config\` or \`UNDERTONE_CONFIG\` names), the environment, the command line. The file is JSON, nested as the
names show: \`{ "rtc": { "minPort": 40000 } }\`. In the environment a list is written with commas:
\`UNDERTONE_LABELS=engaged,confused,bored\`. A wrong value or an unknown name stops the start and is told with its
place. \`npm start -- --print-config\` prints what is in force.

Times are in milliseconds.
`;

const HEAD = ['setting', 'environment', 'allowed', 'default', 'what it does'];

/** `docs/configuration.md` as it should be. */
export function documentConfig(): string {
  const rows = leavesOf(configSchema).map(({ path, variable, allowed, default: value, description }) => {
    const shown = value === undefined ? '' : `\`${JSON.stringify(value)}\``;
    return [`\`${path.join('.')}\``, `\`${variable}\``, allowed, shown, description];
  });
  return `${INTRODUCTION}\n${markdownTable([HEAD, ...rows])}\n`;
}
