import { randomUUID } from 'node:crypto';
import { asyncScheduler, type Subscription } from 'rxjs';
import type { Modality } from '../events/contract/v1/types.ts';
import {
  InferenceError,
  type AudioTokens,
  type FaceTokens,
  type InferenceClient,
  type TextTokens,
} from './inference/index.ts';
import type { AnalyzerSignal, ModalityStates, AttributedSegment, UtteranceOptions } from './protocol.ts';
import type { ParticipantEar } from './asr/index.ts';
import { scoreUtterance, type EncodedUtterance } from './score-utterance.ts';
import type { TraceBatch } from '../events/trace/TraceTypes.ts';
import type { Transcriber } from './Transcriber.ts';
import {
  createParticipantPipeline,
  Tracer,
  type CloseTrigger,
  type ParticipantPipeline,
  type UtteranceInput,
} from './utterance/index.ts';

const MODALITIES: readonly Modality[] = ['audio', 'video', 'text'];

const SOURCE_FAILED = { available: true, reason: 'source-failed' } as const;
const SHED = { available: false, reason: 'overload' } as const;

export interface ParticipantSessionOptions {
  participantId: string;
  /** Unlike any other participant's in this analyzer. */
  key: string;
  epoch: number;
  utterance: UtteranceOptions;
  /** How many turns before it the model reads with an utterance. */
  contextTurns: number;
  inference: InferenceClient;
  transcriber: Transcriber;
  labelSetId: () => string;
  signal(epoch: number, signal: AnalyzerSignal): void;
  failed(error: InferenceError): void;
}

/** One participant between two changes of mind: the pipeline that cuts utterances, and the results that follow. */
export class ParticipantSession {
  readonly epoch: number;
  readonly #options: ParticipantSessionOptions;
  readonly #pipeline: ParticipantPipeline<AudioTokens, FaceTokens, TextTokens>;
  readonly #subscription: Subscription;
  readonly #ear: ParticipantEar | undefined;
  readonly #scoring = new Set<Promise<void>>();
  readonly #tracer = new Tracer();
  readonly #finished = Promise.withResolvers<void>();
  #states: ModalityStates | undefined;
  #given: ModalityStates | undefined;
  #videoShed = false;
  #dropped = false;

  constructor(options: ParticipantSessionOptions) {
    this.#options = options;
    this.epoch = options.epoch;
    const { participantId, key, utterance, contextTurns, inference, transcriber } = options;
    this.#pipeline = createParticipantPipeline({
      participantId,
      options: utterance,
      encoder: {
        chunkSamples: inference.info.audio.chunkSamples,
        encodeAudio: (pcm) => inference.encodeAudio(key, pcm),
        encodeFace: (pixels) => inference.encodeFace(pixels, { key }),
        encodeText: (text) => inference.encodeText(text, { key }),
      },
      newId: randomUUID,
      scheduler: asyncScheduler,
      now: Date.now,
      contextTurns,
      tracer: this.#tracer,
    });
    this.#ear = transcriber.ear(participantId, (segment) => this.#words(segment));
    this.#subscription = this.#pipeline.output.subscribe({
      next: (signal) => {
        switch (signal.kind) {
          case 'start':
          case 'end':
            options.signal(this.epoch, signal);
            break;
          case 'interim':
          case 'final':
            this.#score(signal.kind, signal.utterance, signal.revision);
            break;
        }
      },
      complete: () => this.#finished.resolve(),
    });
  }

  feed(input: UtteranceInput): void {
    this.#pipeline.input.next(input);
    // After the pipeline, so that words are not there before the sound that they are in.
    this.#ear?.feed(input);
  }

  /** Words from outside of the analyzer. */
  pushed(segment: AttributedSegment): void {
    this.#ear?.elsewhere();
    this.#words(segment);
  }

  /** The recogniser works again, or does not any more. */
  recogniserChanged(): void {
    if (this.#given) this.setModalities(this.#given);
  }

  /** Passes on what changed about the modalities; losing the sound ends what is being said. */
  setModalities(given: ModalityStates): void {
    this.#given = given;
    const states = this.#stand(given);
    const before = this.#states;
    this.#states = states;
    const lostSound = before?.audio.available === true && !states.audio.available;
    if (lostSound) this.end(states.audio.reason === 'muted' ? 'mute' : 'leave');
    for (const modality of MODALITIES) {
      const { available, reason } = states[modality];
      if (before?.[modality].available === available && before[modality].reason === reason) continue;
      this.feed({ kind: 'modality', modality, available, reason });
    }
    this.#listen(states);
  }

  /** Whether pictures are left out under load, so that results say why they go without a face. */
  shedVideo(shed: boolean): void {
    this.#videoShed = shed;
    if (this.#given) this.setModalities(this.#given);
  }

  /** Whether to note what the windows do. */
  trace(on: boolean): void {
    if (on) this.#tracer.start();
    else this.#tracer.stop();
  }

  /** What the windows have done since this was last asked; undefined where that is nothing, or not noted. */
  takeTrace(): TraceBatch | undefined {
    return this.#tracer.take();
  }

  /** Ends the open utterance; its result still comes. */
  end(trigger: CloseTrigger): void {
    this.feed({ kind: 'close', trigger, atMs: Date.now() });
  }

  /** Throws away everything that is in flight. Nothing is signalled after this. */
  drop(): void {
    this.#dropped = true;
    this.#tracer.stop();
    this.#subscription.unsubscribe();
    this.#ear?.close();
    this.#pipeline.close('consent', { drop: true });
    this.#options.inference.discard(this.#options.key);
    this.#finished.resolve();
  }

  /** Ends the pipeline; resolves when the last result has been signalled. */
  async finish(trigger: CloseTrigger): Promise<void> {
    this.#ear?.shut();
    this.#pipeline.close(trigger);
    await this.#finished.promise;
    await Promise.all(this.#scoring);
    this.#ear?.close();
  }

  #words(segment: AttributedSegment): void {
    this.#pipeline.input.next({ kind: 'words', segment });
  }

  /** What the host says of the modalities, with what is known here. */
  #stand(given: ModalityStates): ModalityStates {
    const { transcriber } = this.#options;
    return {
      ...given,
      ...(this.#videoShed && given.video.available && { video: SHED }),
      ...(transcriber.trouble !== undefined && given.text.available && { text: SOURCE_FAILED }),
    };
  }

  /** Sound goes to the recogniser only while both it and the words may be used. */
  #listen({ audio, text }: ModalityStates): void {
    if (audio.available && text.available) this.#ear?.open();
    else if (audio.reason === 'no-consent' || text.reason === 'no-consent') this.#ear?.forget();
    else this.#ear?.shut();
  }

  #score(kind: 'interim' | 'final', utterance: EncodedUtterance, revision: number): void {
    const { inference, key, labelSetId } = this.#options;
    const scoring = scoreUtterance(inference, utterance, {
      kind,
      revision,
      labelSetId: labelSetId(),
      key,
      now: Date.now,
    })
      .then(
        (result) => {
          if (!this.#dropped) this.#options.signal(this.epoch, { kind, result });
        },
        (error: unknown) => {
          // An interim result that was given up is counted by the overload report; a final must be told of.
          if (!this.#dropped && kind === 'final' && error instanceof InferenceError) this.#options.failed(error);
        },
      )
      .finally(() => this.#scoring.delete(scoring));
    this.#scoring.add(scoring);
  }
}
