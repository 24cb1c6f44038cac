import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { EXPORT_FORMATS, exportEvents, type ExportFormatName } from '../../plugin/events/index.ts';
import { checkFile, eventsIn } from './read-events.ts';
import { UsageError } from './UsageError.ts';

const HELP = `Usage: undertone export EVENTS.jsonl --format NAME

Writes events of contract v1, one a line as \`undertone demo --json\` prints them, in another format to stdout. Results that
were taken back are left out, wherever in the file that is told. The file is read twice and never held in memory.

  --format NAME   ${Object.keys(EXPORT_FORMATS).join(', ')}
  --help          this text`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { format: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('export needs one EVENTS.jsonl; --help tells more');
  const { format } = values;
  if (format === undefined || !Object.hasOwn(EXPORT_FORMATS, format)) {
    const names = Object.keys(EXPORT_FORMATS).join(', ');
    throw new UsageError(
      `--format: ${format === undefined ? 'is missing; give' : `${JSON.stringify(format)} is not`} one of ${names}`,
    );
  }
  await checkFile(file);
  const text = exportEvents(format as ExportFormatName, () => eventsIn(file));
  await pipeline(Readable.from(text), process.stdout, { end: false });
  return 0;
}
