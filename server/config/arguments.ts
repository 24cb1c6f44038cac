import { parseArgs } from 'node:util';
import { fromText, type Setting } from './environment.ts';
import { leavesOf } from './leaves.ts';
import { configSchema } from './schema.ts';
import { suggest } from './suggest.ts';
import { ConfigError } from './ConfigError.ts';

export const USAGE = `Serves Undertone: video calls with live expression events.

Usage: npm start -- [options]

  --port N         port for HTTP and Socket.IO (default 3000)
  --host ADDRESS   address to listen on (default 127.0.0.1)
  --config FILE    configuration file (default undertone.config.json, where there is one)
  --print-config   print the configuration in force and exit
  --help           print this and exit

Every setting also has an environment variable: docs/configuration.md lists them.`;

export interface Arguments {
  help: boolean;
  printConfig: boolean;
  file?: string;
  overrides: Setting[];
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  'print-config': { type: 'boolean' },
  config: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
} as const;

/** @throws ConfigError for an unknown or incomplete option */
export function parseArguments(args: readonly string[]): Arguments {
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false }));
  } catch (error) {
    const { message } = error as Error;
    const unknown = /'(--?[\w-]+)/.exec(message)?.[1];
    const meant =
      unknown &&
      suggest(
        unknown,
        Object.keys(OPTIONS).map((name) => `--${name}`),
      );
    const hint = meant && meant !== unknown ? `did you mean ${meant}?` : '--help lists the options';
    throw new ConfigError([
      { key: unknown ?? 'arguments', from: 'command line', message: `${message.split('.')[0]}; ${hint}` },
    ]);
  }
  const leaves = leavesOf(configSchema);
  const overrides = (['port', 'host'] as const).flatMap((name) => {
    const text = values[name];
    const { inner } = leaves.find(({ path }) => path.join('.') === name)!;
    return text === undefined ? [] : [{ path: [name], value: fromText(text, inner), from: `--${name}` }];
  });
  return { help: values.help ?? false, printConfig: values['print-config'] ?? false, file: values.config, overrides };
}
