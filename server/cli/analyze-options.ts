import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OUTPUT_NAMES, readFormats, readSpeakers, type OutputName, type SpeakerNames } from '../recording/index.ts';
import { labelsOf } from './labels.ts';
import { STORE_OPTIONS } from './open-store.ts';
import { UsageError } from './UsageError.ts';

export const HELP = `Usage: undertone analyze RECORDING... [OPTIONS]

Runs the same pipeline as a live call over recordings of one meeting, faster than it was spoken. Each sound is one
participant's, and all begin at the same moment. Prints one line per utterance, or writes results into a folder.

RECORDING  WAV (8 to 48 kHz, 1 or 2 channels, 16, 24 or 32 bit) or Ogg Opus; a folder with one such file for each
           participant; MP4, WebM or MKV with a track for each, where the package node-av is installed.
           In a folder ada.vtt (.srt, .json) and ada.ivf beside ada.wav are her words and her video.

  --out FOLDER            write the results there; a run that was stopped goes on when it is begun again the same way
  --format LIST           what is written: ${OUTPUT_NAMES.join(', ')} (default: jsonl,html)
  --words WHERE           data: words in the data files; report: in the report too; none: in neither (default: data)
  --restart               begin anew where a run was stopped
  --store                 with --out: keep it as a meeting as well, where the configuration (--config FILE) keeps meetings,
                          or in the SQLite file --file FILE

  --transcript FILE       words with their times: WebVTT, SRT, or JSON of Whisper, whisper.cpp, Vexa, Deepgram or
                          Amazon Transcribe; its voices are matched with the participants by name
  --speakers LIST         who is who: ada.wav=Ada,call.mkv#2=Bob,VOICE=NAME, or a file with one a line; without it names
                          are those of the tracks or the files
  --speaker NAME          of one recording: whose words they are, where the transcript names several voices
  --video FILE.ivf        of one recording: the speaker's video (IVF with VP8, VP9 or AV1), beginning with the sound
  --room NAME             room of the events (default: the name of the file or folder)
  --started TIME          when the recording began, as in 2026-03-01T09:00:00Z; without it times count from its beginning
                          (with --store: from when it must have begun to end when the file was written)

  --labels A,B,C          labels to ask for, or the name of a shipped set (default: big6)
  --label-kind KIND       single (one label holds) or multi (several may); default single
  --model NAME            model under models/weights, or a folder (default: open)
  --provider NAME         auto, cuda, tensorrt, webgpu or cpu (default: auto)
  --timeline FILE.html    write a page that shows level, speech, windows, words, faces and scores over time
  --json                  one JSON event (emotion.final of contract v1) a line; with --out: progress and files, one a line
  --quiet                 nothing but errors, with --out
  --help                  this text

  undertone analyze talk.wav --transcript talk.vtt
  undertone analyze meeting/ --transcript meeting.vtt --out results --format jsonl,parquet,html
  undertone analyze call.mkv --speakers "call.mkv#1=Ada,call.mkv#2=Bob" --out results`;

const WORDS = ['data', 'report', 'none'] as const;

export interface AnalyzeOptions {
  paths: string[];
  out?: string;
  formats: OutputName[];
  words: (typeof WORDS)[number];
  restart: boolean;
  store: boolean;
  config?: string;
  file?: string;
  transcript?: string;
  speakers: SpeakerNames;
  speaker?: string;
  video?: string;
  room: string;
  /** Undefined where nobody said it. */
  startedMs?: number;
  labels?: string | string[];
  labelKind?: 'single' | 'multi';
  model?: string;
  provider?: string;
  timeline?: string;
  json: boolean;
  quiet: boolean;
}

/**
 * @returns undefined where help was asked for
 * @throws UsageError, InputError or parseArgs' own error, naming the option
 */
export async function readOptions(args: string[]): Promise<AnalyzeOptions | undefined> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      format: { type: 'string' },
      words: { type: 'string', default: 'data' },
      restart: { type: 'boolean', default: false },
      store: { type: 'boolean', default: false },
      ...STORE_OPTIONS,
      transcript: { type: 'string' },
      speakers: { type: 'string' },
      speaker: { type: 'string' },
      video: { type: 'string' },
      room: { type: 'string' },
      started: { type: 'string' },
      labels: { type: 'string' },
      'label-kind': { type: 'string' },
      model: { type: 'string' },
      provider: { type: 'string' },
      timeline: { type: 'string' },
      json: { type: 'boolean', default: false },
      quiet: { type: 'boolean', short: 'q', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [first] = positionals;
  if (first === undefined) throw new UsageError('analyze needs one FILE.wav or more; --help tells more');
  const labelKind = values['label-kind'];
  if (labelKind !== undefined && labelKind !== 'single' && labelKind !== 'multi') {
    throw new UsageError(`--label-kind: ${JSON.stringify(labelKind)} is not one of single, multi`);
  }
  const words = WORDS.find((where) => where === values.words);
  if (!words) throw new UsageError(`--words: ${JSON.stringify(values.words)} is not one of ${WORDS.join(', ')}`);
  for (const name of ['format', 'restart', 'quiet', 'store'] as const) {
    if (values.out === undefined && values[name]) throw new UsageError(`--${name} needs --out FOLDER`);
  }
  for (const name of ['config', 'file'] as const) {
    if (!values.store && values[name] !== undefined) throw new UsageError(`--${name} needs --store`);
  }
  const room = values.room ?? basename(resolve(first));
  if (room.length < 1 || room.length > 200) throw new UsageError('--room: 1 to 200 characters are needed');
  return {
    paths: positionals,
    out: values.out,
    formats: readFormats(values.format ?? 'jsonl,html'),
    words,
    restart: values.restart,
    store: values.store,
    config: values.config,
    file: values.file,
    transcript: values.transcript,
    speakers: values.speakers === undefined ? new Map() : await readSpeakers(values.speakers),
    speaker: values.speaker,
    video: values.video,
    room,
    startedMs: values.started === undefined ? undefined : timeOf(values.started),
    labels: values.labels === undefined ? undefined : labelsOf(values.labels),
    labelKind,
    model: values.model,
    provider: values.provider,
    timeline: values.timeline,
    json: values.json,
    quiet: values.quiet,
  };
}

function timeOf(text: string): number {
  const ms = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT/.test(text) && ms >= 0) return ms;
  throw new UsageError(`--started: ${JSON.stringify(text)} is no time such as 2026-03-01T09:00:00Z`);
}
