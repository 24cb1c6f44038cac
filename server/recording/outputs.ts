import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EXPORT_FORMATS, exportEvents, writeWebVtt, type EventSource } from '../../plugin/events/index.ts';
import { InputError } from './InputError.ts';
import { reportPage, type ReportAbout } from './report/index.ts';

type Pieces = AsyncIterable<string | Uint8Array>;

interface Output {
  file: string;
  write: (source: EventSource, about: ReportAbout) => Pieces;
}

const OUTPUTS = {
  jsonl: { file: 'events.jsonl', write: (source) => exportEvents('jsonl', source) },
  csv: { file: 'results.csv', write: (source) => exportEvents('csv', source) },
  // Beside the recording: 0 is where it begins.
  vtt: { file: 'results.vtt', write: (source, { startedMs }) => writeWebVtt(source, { zeroMs: startedMs }) },
  emotionml: { file: 'results.emotionml', write: (source) => exportEvents('emotionml', source) },
  cloudevents: {
    file: `events.${EXPORT_FORMATS.cloudevents.extension}`,
    write: (source) => exportEvents('cloudevents', source),
  },
  parquet: { file: 'results.parquet', write: (source) => exportEvents('parquet', source) },
  html: { file: 'report.html', write: (source, about) => reportPage(source, about) },
} as const satisfies Record<string, Output>;

export type OutputName = keyof typeof OUTPUTS;
export const OUTPUT_NAMES = Object.keys(OUTPUTS) as OutputName[];

/** Other names of the same. */
const ALIASES: Readonly<Record<string, OutputName>> = { webvtt: 'vtt', json: 'jsonl' };

/** @throws InputError naming the format that there is not */
export function readFormats(text: string): OutputName[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  return [
    ...new Set(
      names.map((name) => {
        const known = OUTPUT_NAMES.find((output) => output === name) ?? ALIASES[name];
        if (known) return known;
        throw new InputError(`--format: ${JSON.stringify(name)} is not one of ${OUTPUT_NAMES.join(', ')}`);
      }),
    ),
  ];
}

/** @throws InputError where there cannot be such a folder */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'is no folder' : `cannot be made (${error.code})`;
    throw new InputError(`--out: ${folder}: ${why}`);
  });
}

/**
 * Writes the results into a folder. Each file is either what was there before or whole.
 *
 * @returns the files, as paths
 */
export async function writeOutputs(
  folder: string,
  names: readonly OutputName[],
  source: EventSource,
  about: ReportAbout,
): Promise<string[]> {
  const files: string[] = [];
  for (const name of names) {
    const output: Output = OUTPUTS[name];
    const path = join(folder, output.file);
    const part = `${path}.${randomBytes(4).toString('hex')}.part`;
    try {
      await pipeline(Readable.from(output.write(source, about)), createWriteStream(part, { flags: 'wx' }));
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    files.push(path);
  }
  return files;
}
