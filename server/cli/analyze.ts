import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { analyzeRecording, AnalyzerError, RecordingError, type EmotionFinal } from '../../plugin/index.ts';
import { describeFinal } from './describe.ts';
import { labelsOf } from './labels.ts';
import { UsageError } from './UsageError.ts';

const HELP = `Usage: undertone analyze FILE.wav [OPTIONS]

Runs the same pipeline as a live call over a recording of one speaker and prints one line per utterance.
WAV of 8 to 48 kHz, 1 or 2 channels, 16, 24 or 32 bit.

  --transcript FILE.vtt   words with their times (WebVTT); without it the text modality is left out
  --labels A,B,C          labels to ask for, or the name of a shipped set (default: big6)
  --label-kind KIND       single (one label holds) or multi (several may); default single
  --model NAME            model under models/weights, or a folder (default: open)
  --provider NAME         auto, cuda, tensorrt, webgpu or cpu (default: auto)
  --json                  one JSON event (emotion.final of contract v1) a line
  --help                  this text`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      transcript: { type: 'string' },
      labels: { type: 'string' },
      'label-kind': { type: 'string' },
      model: { type: 'string' },
      provider: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('analyze needs one FILE.wav; --help tells more');
  const kind = values['label-kind'];
  if (kind !== undefined && kind !== 'single' && kind !== 'multi') {
    throw new UsageError(`--label-kind: ${JSON.stringify(kind)} is not one of single, multi`);
  }
  const wav = await read(file);
  const vtt = values.transcript === undefined ? undefined : (await read(values.transcript)).toString('utf8');

  const bar = process.stderr.isTTY
    ? new SingleBar({
        stream: process.stderr,
        format: '{bar} {percentage} % | {at} of {length} | {eta_formatted} left',
      })
    : undefined;
  try {
    const finals = analyzeRecording(wav, {
      name: basename(file),
      vtt,
      labels: values.labels === undefined ? undefined : labelsOf(values.labels),
      labelKind: kind,
      model: values.model,
      provider: values.provider as never,
      onProgress: (doneMs, totalMs) => {
        const at = { at: clock(doneMs), length: clock(totalMs) };
        if (bar && !bar.isActive) bar.start(totalMs, 0, at);
        bar?.update(doneMs, at);
      },
    });
    for await (const final of finals) print(final, values.json);
  } catch (error) {
    if (error instanceof RecordingError) throw new UsageError(`${file}: ${error.message}`);
    if (error instanceof TypeError || (error instanceof AnalyzerError && !error.retryable)) {
      throw new UsageError((error as Error).message);
    }
    throw error;
  } finally {
    bar?.stop();
  }
  return 0;
}

function print(final: EmotionFinal, json: boolean): void {
  console.log(json ? JSON.stringify(final) : describeFinal(final, final.span.startMs));
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
    throw new UsageError(`${file}: ${why}`);
  }
}

/** `m:ss` */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
