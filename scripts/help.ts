/** Lists the commands of this repository with one line each: `npm run help`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  start: 'set up what is missing, then serve the page and the API',
  test: 'set up what is missing, then run every test; -- PART runs the files with PART in their path',
  setup: 'set up what is missing; -- --check only looks',
  doctor: 'what is there, what is missing, what to do about it, which GPUs work',
  demo: 'play the sample call in the terminal, a line per event; -- --json for JSON',
  analyze: 'run the pipeline on a recording: -- FILE.wav [--transcript FILE] [--labels a,b,c] --json',
  evaluate: 'measure a model on labelled items: -- ITEMS.csv --labels a,b,c [--model open] --json',
  example: 'run one of examples/ against the server: -- NAME; without a name, list them',
  bench: 'measure: -- live --json (speech end to event, CPU, memory), -- model --json',
  lint: 'ESLint, with the rule for which way imports run',
  format: 'Prettier, writing',
  'format:check': 'Prettier, only looking',
  typecheck: 'the TypeScript compiler, over the sources and the page',
  build: 'dist/, as it is published',
  'models:test': 'the tests of the model in Python, where torch, onnx and pytest are installed',
  docs: 'write docs/configuration.md out of the configuration schema',
  'docs:api': 'dist/api: the reference of the library, the client and the server, out of the sources',
  contract: 'write the JSON Schemas and the AsyncAPI document out of their source',
  help: 'this list',
  prepack: 'build, run by npm before it packs',
};

const { scripts } = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const names = Object.keys(scripts);
const width = Math.max(...names.map((name) => name.length)) + 'npm run '.length;
for (const name of names) {
  const command = name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}`;
  process.stdout.write(`${command.padEnd(width)}  ${DESCRIPTIONS[name] ?? scripts[name] ?? ''}\n`);
}
