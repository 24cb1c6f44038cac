import { fork } from 'node:child_process';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AnalyzerError } from '../analyzer/AnalyzerLink.ts';
import type { ModelInfo, UtteranceResult } from '../analyzer/protocol.ts';
import type { FromRecording, RecordingRequest } from '../analyzer/recording-protocol.ts';
import type { EmotionFinal } from '../events/contract/v1/types.ts';
import { EventLog } from '../events/EventLog.ts';
import type { LabelSpec } from '../observer/EmotionObserverTypes.ts';
import { checkOptions } from '../options.ts';
import { DETECTORS_DIR, modelDir } from '../paths.ts';
import { parseVtt } from '../transcript/index.ts';
import type { TranscriptSegment } from '../transcript/TranscriptTypes.ts';
import type { UndertoneOptions } from '../UndertoneTypes.ts';
import { readWav, SAMPLE_RATE, WavError } from './wav.ts';

const ENTRY = fileURLToPath(
  new URL(`../analyzer/recording-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);
/** Whoever speaks in a recording of one speaker. */
const SPEAKER = 'speaker';

/** The recording or its transcript cannot be used; the message is one sentence for the user. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

export interface RecordingOptions extends Pick<
  UndertoneOptions,
  'provider' | 'model' | 'utterance' | 'inferenceThreads'
> {
  /** Goes into the events as `roomId`. @default 'recording' */
  name?: string;
  /** The words, as the text of a WebVTT file. */
  vtt?: string;
  /** @default 'big6' */
  labels?: string | LabelSpec;
  /** @default 'single' */
  labelKind?: 'single' | 'multi';
  onProgress?: (doneMs: number, totalMs: number) => void;
}

/**
 * Runs the pipeline of a live call over a WAV recording of one speaker, in a child process, faster than it was spoken.
 * Times in the events are milliseconds from the start of the recording.
 *
 * @param wav a RIFF WAVE file: 8 to 48 kHz, 1 or 2 channels, 16, 24 or 32 bit
 * @throws RecordingError when the file or the transcript cannot be read
 * @throws TypeError for a bad option, naming it
 * @throws AnalyzerError when the model cannot be loaded
 */
export async function* analyzeRecording(wav: Uint8Array, options: RecordingOptions = {}): AsyncGenerator<EmotionFinal> {
  const { name = 'recording', vtt, labels = 'big6', labelKind, onProgress, ...rest } = options;
  const checked = checkOptions(rest);
  const pcm = await read(wav);
  const totalMs = (pcm.length / SAMPLE_RATE) * 1000;
  const request: RecordingRequest = {
    options: {
      provider: checked.provider,
      modelDir: modelDir(checked.model),
      detectorsDir: DETECTORS_DIR,
      utterance: { ...checked.utterance, interimMs: 0 },
      videoFps: checked.videoFps,
      inferenceThreads: checked.inferenceThreads,
    },
    labels: { labels, kind: labelKind },
    participantId: SPEAKER,
    pcm,
    transcript: vtt === undefined ? undefined : segmentsOf(vtt),
  };
  const log = new EventLog(name, 0);
  let model: ModelInfo | undefined;
  for await (const message of converse(request)) {
    if (message.type === 'ready') model = message.info;
    if (message.type === 'progress') onProgress?.(message.doneMs, totalMs);
    if (message.type === 'final') yield finalOf(log, message.result, model!);
  }
}

function finalOf(log: EventLog, result: UtteranceResult, { id, version, calibration }: ModelInfo): EmotionFinal {
  return log.append('emotion.final', { participantId: SPEAKER, ...result, model: { id, version, calibration } });
}

async function read(wav: Uint8Array): Promise<Float32Array> {
  try {
    return await readWav(wav);
  } catch (error) {
    if (error instanceof WavError) throw new RecordingError(error.message);
    throw error;
  }
}

function segmentsOf(vtt: string): TranscriptSegment[] {
  try {
    return parseVtt(vtt).map(({ startMs, endMs, text, words }, index) => ({
      participantId: SPEAKER,
      segmentId: String(index),
      text,
      final: true,
      startMs,
      endMs,
      words,
    }));
  } catch (error) {
    throw new RecordingError(`transcript: ${(error as Error).message}`);
  }
}

/** What the child process says, until it is done. It is ended when the reader stops early. */
async function* converse(request: RecordingRequest): AsyncGenerator<FromRecording> {
  const child = fork(ENTRY, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  });
  try {
    const messages = on(child, 'message', { close: ['exit'] });
    child.send(request);
    for await (const [message] of messages as AsyncIterable<[FromRecording]>) {
      if (message.type === 'fatal') throw new AnalyzerError(message.message);
      if (message.type === 'done') return;
      yield message;
    }
    throw new AnalyzerError('the analysis ended before the recording did', { retryable: true });
  } finally {
    if (child.connected) child.disconnect();
  }
}
