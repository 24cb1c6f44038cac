import { of, type SchedulerLike } from 'rxjs';
import type { AudioTokens, FaceTokens, InferenceClient, TextTokens } from './inference/index.ts';
import { stableId } from '../events/stable-id.ts';
import type { AttributedSegment, UtteranceOptions } from './protocol.ts';
import type { RecordedFace } from './recording/index.ts';
import type { Heard } from './RecordingVoice.ts';
import { VAD_FRAME_MS, VAD_FRAME_SAMPLES as FRAME } from './speech/index.ts';
import {
  createParticipantPipeline,
  Tracer,
  type ParticipantPipeline,
  type UtteranceEncoder,
  type UtteranceInput,
  type UtteranceSignal,
} from './utterance/index.ts';

export type EncodedSignal = UtteranceSignal<AudioTokens, FaceTokens, TextTokens>;

const NONE = { count: 0, data: new Float32Array(0) };
const NO_SOUND: AudioTokens = { ...NONE, modality: 'audio', samples: 0 };
const NO_FACE: FaceTokens = { ...NONE, modality: 'vision' };
const NO_WORDS: TextTokens = { ...NONE, modality: 'text', truncated: false };

export interface RecordingParticipantOptions {
  participantId: string;
  transcript: readonly AttributedSegment[] | undefined;
  hasVideo: boolean;
  /** Ids of utterances follow from it and from who spoke the how manieth: the same in every run. */
  seed: string;
  utterance: UtteranceOptions;
  inference: InferenceClient;
  /** The recording's clock. */
  scheduler: SchedulerLike & { readonly frame: number };
  trace: boolean;
  signal: (signal: EncodedSignal) => void;
}

/** One participant of a recording: the pipeline of a live call, fed step by step. */
export class RecordingParticipant {
  readonly participantId: string;
  readonly ended: Promise<void>;
  /** While it is false nothing is encoded: what is made of it has been told by an earlier run. */
  encodes = true;
  readonly #pipeline: ParticipantPipeline<AudioTokens, FaceTokens, TextTokens>;
  readonly #words: AttributedSegment[];
  readonly #tracer = new Tracer();

  constructor(options: RecordingParticipantOptions) {
    const { participantId, transcript, hasVideo, seed, utterance, inference, scheduler, trace, signal } = options;
    this.participantId = participantId;
    this.#words = [...(transcript ?? [])].sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0));
    const { audio, text } = inference.info;
    const encoder: UtteranceEncoder<AudioTokens, FaceTokens, TextTokens> = {
      chunkSamples: audio.chunkSamples,
      encodeAudio: (chunk) => (this.encodes ? inference.encodeAudio(participantId, chunk) : of(NO_SOUND)),
      encodeFace: (pixels) => (this.encodes ? inference.encodeFace(pixels) : of(NO_FACE)),
      encodeText: (words) => (this.encodes ? inference.encodeText(words) : of(NO_WORDS)),
    };
    let utterances = 0;
    this.#pipeline = createParticipantPipeline<AudioTokens, FaceTokens, TextTokens>({
      participantId,
      options: utterance,
      encoder,
      newId: () => stableId(seed, participantId, utterances++),
      scheduler,
      now: () => scheduler.frame,
      contextTurns: text.contextTurns,
      tracer: this.#tracer,
    });
    if (trace) this.#tracer.start();
    this.ended = new Promise((resolve, reject) => {
      this.#pipeline.output.subscribe({ next: signal, complete: resolve, error: reject });
    });
    this.#feed({ kind: 'modality', modality: 'audio', available: true });
    this.#feed({ kind: 'modality', modality: 'video', available: hasVideo, ...(!hasVideo && { reason: 'no-track' }) });
    this.#feed({
      kind: 'modality',
      modality: 'text',
      available: !!transcript,
      ...(!transcript && { reason: 'no-words' }),
    });
  }

  /** What happened from `startMs` to `endMs`. */
  take(startMs: number, endMs: number, heard: Heard, faces: readonly RecordedFace[]): void {
    // Words are there before the sound in which they are spoken ends, so that no utterance has to wait for them.
    while (this.#words.length > 0 && (this.#words[0]!.startMs ?? 0) < endMs) {
      this.#feed({ kind: 'words', segment: this.#words.shift()! });
    }
    for (const input of inTime(startMs, heard, faces)) this.#feed(input);
  }

  traced(): ReturnType<Tracer['take']> {
    return this.#tracer.take();
  }

  close(): void {
    this.#pipeline.close('leave');
  }

  #feed(input: UtteranceInput): void {
    this.#pipeline.input.next(input);
  }
}

/** The sound, broken off where a face was seen, so that both come in the order of time. */
function* inTime(fromMs: number, { pcm, vad }: Heard, faces: readonly RecordedFace[]): Generator<UtteranceInput> {
  let done = 0;
  const sound = (end: number): UtteranceInput => {
    const startMs = fromMs + done * VAD_FRAME_MS;
    const input = { pcm: pcm.subarray(done * FRAME, end * FRAME), vad: vad.subarray(done, end) };
    done = end;
    return { kind: 'audio', startMs, concealedMs: 0, ...input };
  };
  for (const face of faces) {
    const end = Math.min(vad.length, Math.floor((face.atMs - fromMs) / VAD_FRAME_MS));
    if (end > done) yield sound(end);
    yield { kind: 'face', ...face };
  }
  if (vad.length > done) yield sound(vad.length);
}
