import { writeCloudEvents } from './cloudevents.ts';
import { writeCsv } from './csv.ts';
import { writeEmotionMl } from './emotionml.ts';
import { writeJsonl } from './jsonl.ts';
import { writeParquet } from './parquet.ts';
import type { EventSource } from './source.ts';
import { writeWebVtt } from './webvtt.ts';

export interface ExportFormat {
  mediaType: string;
  /** Of files, without the dot. */
  extension: string;
  /** Text in pieces, of a binary format bytes. */
  write: (source: EventSource) => AsyncGenerator<string> | AsyncGenerator<Uint8Array>;
}

/** Formats by the names under which they are asked for. None holds what was retracted. */
export const EXPORT_FORMATS = {
  jsonl: { mediaType: 'application/jsonl', extension: 'jsonl', write: writeJsonl },
  csv: { mediaType: 'text/csv', extension: 'csv', write: writeCsv },
  webvtt: { mediaType: 'text/vtt', extension: 'vtt', write: (source) => writeWebVtt(source) },
  emotionml: { mediaType: 'application/emotionml+xml', extension: 'emotionml', write: writeEmotionMl },
  cloudevents: { mediaType: 'application/cloudevents+json', extension: 'cloudevents.jsonl', write: writeCloudEvents },
  parquet: { mediaType: 'application/vnd.apache.parquet', extension: 'parquet', write: writeParquet },
} as const satisfies Record<string, ExportFormat>;

export type ExportFormatName = keyof typeof EXPORT_FORMATS;

/**
 * Writes events in a format, piece by piece. The source is read twice: what was taken back later must not be written, and
 * which revision holds is known only at the end.
 *
 * @throws TypeError for a format that there is not
 * @example
 * for await (const text of exportEvents('csv', () => events)) process.stdout.write(text);
 */
export function exportEvents<F extends ExportFormatName>(
  format: F,
  source: EventSource,
): ReturnType<(typeof EXPORT_FORMATS)[F]['write']> {
  if (!Object.hasOwn(EXPORT_FORMATS, format)) {
    const names = Object.keys(EXPORT_FORMATS).join(', ');
    throw new TypeError(`format: ${JSON.stringify(format)} is not one of ${names}`);
  }
  return EXPORT_FORMATS[format].write(source) as ReturnType<(typeof EXPORT_FORMATS)[F]['write']>;
}

export { toCloudEvent, type CloudEvent } from './cloudevents.ts';
export type { EventSource } from './source.ts';
export { writeWebVtt, type WebVttOptions } from './webvtt.ts';
