import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { InferenceError } from '../../plugin/analyzer/inference/index.ts';
import { evaluate, EvaluationError, FACE_MODES, type Evaluation } from '../evaluation/index.ts';
import { describeEvaluation } from './describe-evaluation.ts';
import { labelsOf } from './labels.ts';
import { predictionLines } from './prediction-lines.ts';
import { UsageError } from './UsageError.ts';

const HELP = `Usage: undertone evaluate ITEMS.csv --labels A,B,C [OPTIONS]

Measures a model on labelled items, in the runtime and by the preprocessing of a live call: accuracy, unweighted average
recall, weighted and macro F1, calibration error, each label, and what is taken for what.

ITEMS.csv has the columns audio, image, text and label. One or more of the first three are filled in each row; paths start
from the folder of the file.
  audio   WAV or Ogg Opus of one utterance; the first 12 s count
  image   PNG, JPEG or WebP of one person
  text    what was said
  label   one of the labels; several with | between them make the task multi-label, in which no label is one too

  --labels A,B,C          the labels, or the name of a shipped set
  --label-kind KIND       single (one label holds) or multi (several may, or none); default: as the rows are
  --model NAME            open, research, or a folder (default: open)
  --provider NAME         auto, cuda, tensorrt, webgpu or cpu (default: auto)
  --threads N             threads on the CPU (default: one a core)
  --faces MODE            detect: cut out the face that is found; whole: pictures are faces already; auto: whole up to
                          128 pixels a side or where no face is found, else detect (default: auto)
  --limit N               take the first N rows only
  --skip-bad              count and leave out items whose files cannot be used, instead of ending at the first
  --predictions FILE.csv  write each row's probabilities
  --json                  one JSON object: n, accuracy, uar, weightedF1, macroF1, ece, perLabel and more
  --help                  this text

  undertone evaluate faces.csv --labels neutral,happiness,surprise,sadness,anger
  undertone evaluate posts.csv --labels goemotions --model research --json
  undertone evaluate meetings.csv --labels engaged,confused,bored --label-kind multi --predictions scores.csv`;

const KINDS = ['single', 'multi'] as const;
/** So many left-out items are named; the rest are counted. */
const MAX_SKIPS_SHOWN = 20;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      labels: { type: 'string' },
      'label-kind': { type: 'string' },
      model: { type: 'string', default: 'open' },
      provider: { type: 'string', default: 'auto' },
      threads: { type: 'string' },
      faces: { type: 'string', default: 'auto' },
      limit: { type: 'string' },
      'skip-bad': { type: 'boolean', default: false },
      predictions: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('evaluate needs one ITEMS.csv; --help tells more');
  if (values.labels === undefined) throw new UsageError('--labels is missing; --help tells more');
  const labels = labelsOf(values.labels);
  const labelKind = values['label-kind'] === undefined ? undefined : oneOf('label-kind', values['label-kind'], KINDS);
  const faces = oneOf('faces', values.faces, FACE_MODES);
  const threads = values.threads === undefined ? undefined : wholeNumber('threads', values.threads, 256);
  const limit = values.limit === undefined ? undefined : wholeNumber('limit', values.limit, Number.MAX_SAFE_INTEGER);
  // Opened first, so that a wrong path does not come to light after the work.
  const predictions = values.predictions === undefined ? undefined : await openPredictions(values.predictions);

  const bar = process.stderr.isTTY
    ? new SingleBar({
        stream: process.stderr,
        format: '{bar} {percentage} % | {value} of {total} items | {eta_formatted} left',
      })
    : undefined;
  const skips: string[] = [];
  let evaluation: Evaluation;
  try {
    evaluation = await evaluate({
      file,
      labels,
      labelKind,
      model: values.model,
      provider: values.provider,
      threads,
      faces,
      limit,
      skipBad: values['skip-bad'],
      onProgress: (done, total) => (bar?.isActive ? bar.update(done) : bar?.start(total, done)),
      onSkip: (reason) => skips.push(reason),
    });
  } catch (error) {
    if (error instanceof EvaluationError || (error instanceof InferenceError && isUsage(error))) {
      throw new UsageError(error.message);
    }
    throw error;
  } finally {
    bar?.stop();
  }
  for (const reason of skips.slice(0, MAX_SKIPS_SHOWN)) console.error(`left out: ${reason}`);
  if (skips.length > MAX_SKIPS_SHOWN) console.error(`left out: ${skips.length - MAX_SKIPS_SHOWN} more`);
  if (predictions) await pipeline(predictionLines(evaluation), predictions.createWriteStream());
  console.log(values.json ? JSON.stringify(evaluation.report) : describeEvaluation(evaluation));
  return 0;
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found === undefined) {
    throw new UsageError(`--${option}: ${JSON.stringify(value)} is not one of ${allowed.join(', ')}`);
  }
  return found;
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) {
    throw new UsageError(`--${option}: ${JSON.stringify(text)} is no whole number from 1 to ${most}`);
  }
  return value;
}

/** Whether the user can put it right. */
function isUsage({ code }: InferenceError): boolean {
  return code === 'invalid-input' || code === 'model-folder' || code === 'provider-unavailable';
}

async function openPredictions(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w');
  } catch (error) {
    throw new UsageError(`--predictions: ${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
