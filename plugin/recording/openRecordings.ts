import type { ModelInfo } from '../analyzer/protocol.ts';
import type {
  RecordedTrack,
  RecordingInput,
  RecordingListener,
  RecordingResume,
  RecordingStart,
} from '../analyzer/recording-protocol.ts';
import type { EmotionInterim } from '../events/contract/v1/types.ts';
import type { TraceBatch } from '../events/trace/TraceTypes.ts';
import type { LabelSpec } from '../observer/EmotionObserverTypes.ts';
import { checkOptions } from '../options.ts';
import { DETECTORS_DIR, modelDir } from '../paths.ts';
import type { UndertoneOptions } from '../UndertoneTypes.ts';
import { RecordedEvents, type RecordedEvent } from './recorded-events.ts';
import { RecordingError } from './RecordingError.ts';
import { RecordingProcess } from './RecordingProcess.ts';

export type { RecordedTrack, RecordingInput, RecordingListener, RecordingResume };

export interface RecordingsOptions extends Pick<
  UndertoneOptions,
  'provider' | 'model' | 'utterance' | 'inferenceThreads' | 'videoFps' | 'includeTranscript'
> {
  /** @default 'big6' */
  labels?: string | LabelSpec;
  /** @default 'single' */
  labelKind?: 'single' | 'multi';
}

export interface RecordingRunOptions {
  /** Goes into the events. */
  roomId: string;
  /** Who is heard, in the order of `tracks`. */
  participants: RecordingStart['participants'];
  /** Ids of utterances and events follow from it, so that a run that goes on gives the same. @default the room */
  seed?: string;
  /** Wall time at which the recording began, ms. @default 0: times count from its beginning */
  startedMs?: number;
  /** What an earlier run has done. */
  resume?: RecordingResume & { lastSeq: number };
  /** Is told what the windows do, step by step, and interim results. `TraceLog` puts the batches together. */
  trace?: {
    batch: (participantId: string, batch: TraceBatch) => void;
    interim?: (event: EmotionInterim) => void;
  };
}

/** What is known up to a time: all events before it have been told. */
export interface RecordedStep {
  untilMs: number;
  events: RecordedEvent[];
  /** What a later run needs to go on from here; none while this one catches up with an earlier one. */
  listeners: RecordingListener[];
  /** Nothing comes after it. */
  last: boolean;
}

/** Recordings that were opened and are not analysed yet: what is in them is known. */
export interface OpenRecordings {
  readonly tracks: readonly RecordedTrack[];
  /** What was left out of the files, in sentences. */
  readonly notes: readonly string[];
  readonly model: Pick<ModelInfo, 'id' | 'version' | 'provider'>;
  /** ms */
  readonly lengthMs: number;
  /** Once. @throws AnalyzerError when the analysis breaks off */
  run(options: RecordingRunOptions): AsyncGenerator<RecordedStep, void>;
  /** Lets go of the files and ends the child process, whether or not the analysis is done. */
  close(): void;
}

/**
 * Opens recordings of one meeting, which all begin at the same moment, in a child process, faster than it was spoken: WAV, Ogg
 * Opus, and with the optional package node-av MP4, WebM and MKV, each sound of which is one participant's.
 *
 * @throws RecordingError when a file cannot be read; `input` says which
 * @throws TypeError for a bad option, naming it
 * @throws AnalyzerError when the model cannot be loaded
 */
export async function openRecordings(
  inputs: readonly RecordingInput[],
  { labels = 'big6', labelKind, ...rest }: RecordingsOptions = {},
  traced = false,
): Promise<OpenRecordings> {
  const checked = checkOptions(rest);
  const child = new RecordingProcess();
  child.send({
    type: 'open',
    inputs: [...inputs],
    options: {
      provider: checked.provider,
      modelDir: modelDir(checked.model),
      detectorsDir: DETECTORS_DIR,
      utterance: traced ? checked.utterance : { ...checked.utterance, interimMs: 0 },
      transcript: checked.transcript,
      videoFps: checked.videoFps,
      inferenceThreads: checked.inferenceThreads,
    },
    labels: { labels, kind: labelKind },
  });
  try {
    const opened = await child.next();
    if (opened.type === 'unusable') throw new RecordingError(opened.message, opened.input);
    if (opened.type !== 'opened') throw new Error(`the analysis began with '${opened.type}'`);
    const { tracks, notes, info } = opened;
    return {
      tracks,
      notes,
      model: info,
      lengthMs: Math.max(...tracks.map(({ lengthMs }) => lengthMs)),
      run: (options) => run(child, tracks.length, info, checked.includeTranscript, options),
      close: () => child.close(),
    };
  } catch (error) {
    child.close();
    throw error;
  }
}

async function* run(
  child: RecordingProcess,
  tracks: number,
  model: ModelInfo,
  includeTranscript: boolean,
  { roomId, participants, seed = roomId, startedMs = 0, resume, trace }: RecordingRunOptions,
): AsyncGenerator<RecordedStep, void> {
  if (participants.length !== tracks) {
    throw new TypeError(`participants: ${tracks} are needed, one for each track; there are ${participants.length}`);
  }
  const log = new RecordedEvents({ roomId, seed, model, startedMs, includeTranscript }, resume?.lastSeq);
  child.send({
    type: 'start',
    start: {
      participants,
      seed,
      trace: trace !== undefined,
      ...(resume && { resume: { untilMs: resume.untilMs, listeners: resume.listeners } }),
    },
  });
  for (;;) {
    const message = await child.next();
    if (message.type === 'done') return;
    if (message.type === 'trace') trace?.batch(message.participantId, message.batch);
    if (message.type === 'interim') trace?.interim?.(log.interim(message.participantId, message.result));
    if (message.type === 'step') {
      const { untilMs, signals, listeners, last } = message;
      yield { untilMs, events: signals.map((signal) => log.next(signal)), listeners, last };
    }
  }
}
