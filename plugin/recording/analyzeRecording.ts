import type { RecordedVideo } from '../analyzer/recording-protocol.ts';
import type { EmotionFinal, EmotionInterim } from '../events/contract/v1/types.ts';
import type { TraceBatch } from '../events/trace/TraceTypes.ts';
import { openRecordings, type RecordingsOptions } from './openRecordings.ts';
import { transcriptSegments } from './transcript-segments.ts';

/** Whoever speaks in a recording of one speaker. */
const SPEAKER = 'speaker';

export interface RecordingOptions extends Omit<RecordingsOptions, 'videoFps' | 'includeTranscript'> {
  /** Goes into the events as `roomId`. @default 'recording' */
  name?: string;
  /** The words, as the text of a transcript file: WebVTT, SRT, or JSON of Whisper, Vexa, Deepgram, Amazon Transcribe. */
  transcript?: string;
  /** Whose words they are where the transcript names several voices: the name as it stands there. */
  speaker?: string;
  onProgress?: (doneMs: number, totalMs: number) => void;
  /** The speaker's video, beginning with the sound: access units of VP8, VP9, AV1 or H.264 (Annex B). */
  video?: RecordedVideo;
  /** Is told what the windows do, step by step, and interim results. `TraceLog` puts the batches together. */
  trace?: {
    batch: (batch: TraceBatch) => void;
    interim?: (event: EmotionInterim) => void;
  };
}

/**
 * Runs the pipeline of a live call over a recording of one speaker, in a child process, faster than it was spoken.
 * Times in the events are milliseconds from the start of the recording.
 *
 * @param sound a WAV file (8 to 48 kHz, 1 or 2 channels, 16, 24 or 32 bit) or an Ogg Opus file
 * @throws RecordingError when the file or the transcript cannot be read
 * @throws TypeError for a bad option, naming it
 * @throws AnalyzerError when the model cannot be loaded
 */
export async function* analyzeRecording(
  sound: Uint8Array,
  options: RecordingOptions = {},
): AsyncGenerator<EmotionFinal> {
  const { name = 'recording', transcript, speaker, onProgress, video, trace, ...rest } = options;
  const words = transcript === undefined ? undefined : transcriptSegments(transcript, SPEAKER, speaker);
  const open = await openRecordings([{ sound: { bytes: sound }, video }], rest, trace !== undefined);
  try {
    const steps = open.run({
      roomId: name,
      participants: [{ participantId: SPEAKER, transcript: words }],
      ...(trace && { trace: { batch: (_, batch) => trace.batch(batch), interim: trace.interim } }),
    });
    let seq = 0;
    for await (const { untilMs, events } of steps) {
      onProgress?.(Math.min(untilMs, open.lengthMs), open.lengthMs);
      // Numbered anew: finals are all that is given.
      for (const event of events) if (event.type === 'emotion.final') yield { ...event, seq: ++seq };
    }
  } finally {
    open.close();
  }
}
