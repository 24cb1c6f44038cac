/** `npm run bench -- NAME [--json]`: runs one benchmark. Each is a file in `bench/` that exports `summary` and `run`. */
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Says how far it is. Goes to stderr, so that the result stays clean. */
  progress(text: string): void;
  /** What follows `--` or is no option of the runner: the benchmark's own options. */
  args: string[];
}

export interface Benchmark {
  /** One line for the list. */
  summary: string;
  /** What `--help` says after the benchmark's name. @default the list of benchmarks */
  usage?: string;
  /** Rows to print as a table, or an object. */
  run(options: BenchOptions): Promise<object>;
  /** Prints the result for a person. @default as a table */
  print?(result: object): void;
}

const FOLDER = new URL('./bench/', import.meta.url);
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
  .sort();
const load = async (name: string) => (await import(new URL(`${name}.ts`, FOLDER).href)) as Benchmark;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});
const [name] = positionals;

if (values['help'] || name === undefined || !names.includes(name)) {
  const width = Math.max(...names.map(({ length }) => length)) + 2;
  const rows = await Promise.all(names.map(async (each) => `  ${each.padEnd(width)}${(await load(each)).summary}`));
  const usage = ['Usage: npm run bench -- NAME [--json]', '', ...rows].join('\n');
  const known = name !== undefined && names.includes(name);
  if (values['help']) console.log((known && (await load(name)).usage) || usage);
  else {
    console.error(name === undefined ? usage : `bench: ${name}: no such benchmark\n\n${usage}`);
    process.exitCode = 2;
  }
} else {
  const { run, print } = await load(name);
  const args = process.argv.slice(2).filter((arg) => arg !== name && arg !== '--json');
  const result = await run({ args, progress: (text) => console.error(text) });
  if (values['json']) {
    console.log(
      JSON.stringify({
        bench: name,
        machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
        ...(Array.isArray(result) ? { rows: result } : result),
      }),
    );
  } else if (print) print(result);
  else console.table(Array.isArray(result) ? result : [result]);
}
