import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AnalyzerError, openRecordings, RecordingError, type OpenRecordings } from '../../plugin/index.ts';
import { utteranceOptions } from '../../plugin/options.ts';
import {
  analysisKey,
  findInputs,
  InputError,
  Journal,
  makeFolder,
  prepare,
  readTranscript,
  voicesIn,
  writeOutputs,
  type FoundInput,
  type Prepared,
} from '../recording/index.ts';
import { TimelineRecorder } from '../timeline/index.ts';
import { HELP, readOptions, type AnalyzeOptions } from './analyze-options.ts';
import { takeSteps } from './analyze-steps.ts';
import { keep, likelyStart, openRecordingStore, type RecordingStore } from './analyze-store.ts';
import { checkTimelinePath, writeTimeline } from './timeline-output.ts';
import { UsageError } from './UsageError.ts';

const JOURNAL = '.undertone-analysis.jsonl';
/** As a shell tells that a program was ended by Ctrl-C. */
const INTERRUPTED = 130;
/** As events of a recording call whoever speaks in it alone. */
const LONE = { participantId: 'speaker', name: 'Speaker' };

export async function run(args: string[]): Promise<number> {
  try {
    const options = await readOptions(args);
    if (options) return await analyze(options);
    console.log(HELP);
    return 0;
  } catch (error) {
    if (error instanceof InputError || error instanceof TypeError) throw new UsageError(error.message);
    if (error instanceof AnalyzerError && !error.retryable) throw new UsageError(error.message);
    throw error;
  }
}

async function analyze(options: AnalyzeOptions): Promise<number> {
  const inputs = await findInputs(options.paths);
  const [only, more] = inputs;
  for (const name of ['video', 'speaker'] as const) {
    if (more && options[name] !== undefined) throw new UsageError(`--${name} goes with one recording`);
  }
  if (options.video !== undefined) only!.video = options.video;
  if (options.timeline !== undefined) await checkTimelinePath(options.timeline);
  if (options.out !== undefined) await makeFolder(options.out);
  // What is wrong with it comes to light before the model is loaded.
  if (options.transcript !== undefined) voicesIn(await readTranscript(options.transcript), options.transcript);
  const store = options.store ? await openRecordingStore(options) : undefined;
  try {
    const open = await openInputs(inputs, options);
    try {
      const isFile = options.paths[0] === only!.path;
      const lone = isFile && !more ? { ...LONE, voice: options.speaker } : undefined;
      const prepared = await prepare(open, { ...options, inputs, lone });
      if (!options.quiet) for (const note of prepared.notes) console.error(`undertone: ${note}`);
      return await work({ open, prepared, inputs, options, store });
    } finally {
      open.close();
    }
  } finally {
    await store?.store.close();
  }
}

async function openInputs(inputs: readonly FoundInput[], options: AnalyzeOptions): Promise<OpenRecordings> {
  const { labels, labelKind, model, provider, words, timeline } = options;
  const files = inputs.map(({ path, video }) => ({
    sound: { path },
    ...(video !== undefined && { video: { path: video } }),
  }));
  try {
    const settings = { labels, labelKind, model, provider: provider as never, includeTranscript: words !== 'none' };
    return await openRecordings(files, settings, timeline !== undefined);
  } catch (error) {
    if (!(error instanceof RecordingError) || error.input === undefined) throw error;
    const { path, video = path } = inputs[error.input]!;
    const [, ofVideo] = /^video: (.*)$/s.exec(error.message) ?? [];
    if (ofVideo === undefined) throw new UsageError(`${path}: ${error.message}`);
    throw new UsageError(`${options.video === undefined ? '' : '--video: '}${video}: ${ofVideo}`);
  }
}

interface Work {
  open: OpenRecordings;
  prepared: Prepared;
  inputs: readonly FoundInput[];
  options: AnalyzeOptions;
  store: RecordingStore | undefined;
}

async function work({ open, prepared, inputs, options, store }: Work): Promise<number> {
  const { room, out, labels, labelKind, words, json, quiet, timeline } = options;
  const startedMs = options.startedMs ?? (store ? await likelyStart(inputs, open.lengthMs) : 0);
  const key = await analysisKey(prepared, inputs, open, { room, startedMs, labels, labelKind, words });
  if (out !== undefined && options.restart) await rm(join(out, JOURNAL), { force: true });
  const journal = out === undefined ? undefined : await Journal.open(join(out, JOURNAL), key);
  const recorder = timeline === undefined ? undefined : recorderOf(prepared);
  if (!(await takeSteps(open, prepared, { room, key, startedMs, journal, recorder, json, quiet, out }))) {
    await journal?.close();
    if (!quiet) console.error(`undertone: stopped${journal ? '; the same command goes on from here' : ''}`);
    return INTERRUPTED;
  }
  const { lengthMs } = open;
  if (recorder && timeline !== undefined) {
    const about = { title: room, startMs: startedMs, endMs: startedMs + lengthMs };
    await writeTimeline(timeline, recorder.file({ ...about, utterance: utteranceOptions.parse({}) }));
  }
  if (!journal || out === undefined) return 0;
  const { participants, notes } = prepared;
  const about = { title: room, startedMs, lengthMs, participants, withWords: words === 'report', notes };
  const files = await writeOutputs(out, options.formats, () => journal.events(), about);
  const meetingId = store && (await keep(store, journal, prepared, open, { key, room, startedMs }));
  await journal.remove();
  if (json) console.log(JSON.stringify({ type: 'done', totalMs: lengthMs, files, ...(meetingId && { meetingId }) }));
  else if (!quiet) console.log([...files, ...(meetingId ? [`meeting ${meetingId}`] : [])].join('\n'));
  return 0;
}

function recorderOf({ participants }: Prepared): TimelineRecorder {
  const recorder = new TimelineRecorder();
  for (const { participantId, name } of participants) recorder.addParticipant(participantId, name);
  return recorder;
}
